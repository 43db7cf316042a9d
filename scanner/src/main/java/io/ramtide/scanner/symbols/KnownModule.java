package io.ramtide.scanner.symbols;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A module other than the kernel whose variables the scanner looks for. From modules.json.
 *
 * @param name of its file of RVAs, e.g. tcpip
 * @param pdb in lower case, e.g. tcpip.pdb
 * @param symbols in the order in which they are written
 */
public record KnownModule(String name, String pdb, List<String> symbols) {
  private static final String FILE = "modules.json";

  private static final class Holder {
    private static final List<KnownModule> ALL = load();
  }

  /** Every one. */
  public static List<KnownModule> all() {
    return Holder.ALL;
  }

  /** The one whose PDB has that name, in whatever case. */
  public static Optional<KnownModule> ofPdb(String pdb) {
    String name = pdb.toLowerCase(Locale.ROOT);
    return all().stream().filter(module -> module.pdb().equals(name)).findFirst();
  }

  private static List<KnownModule> load() {
    List<KnownModule> modules = new ArrayList<>();
    try (InputStream in = SymbolFiles.shipped(FILE)) {
      for (JsonNode json : SymbolFiles.tree(in).path("modules")) {
        List<String> symbols = new ArrayList<>();
        json.path("symbols").forEach(symbol -> symbols.add(symbol.asText()));
        modules.add(
            new KnownModule(
                json.path("name").asText(), json.path("pdb").asText(), List.copyOf(symbols)));
      }
    } catch (IOException e) {
      throw new SymbolDataException("symbol data %s cannot be read".formatted(FILE), e);
    }
    return List.copyOf(modules);
  }

  /** Its file in a folder of symbol data. */
  String file() {
    return "modules/" + name + ".json";
  }
}
