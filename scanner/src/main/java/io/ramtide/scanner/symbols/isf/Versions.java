package io.ramtide.scanner.symbols.isf;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * File versions of kernels, which their tables do not say.
 *
 * @param byPdb by GUID, hyphen and age
 * @param ofAll of every kernel that the list does not name, if that was given
 */
public record Versions(Map<String, String> byPdb, Optional<String> ofAll) {
  private static final Pattern VERSION =
      Pattern.compile("(?<![\\d.])\\d{1,2}\\.\\d{1,2}\\.\\d{4,5}\\.\\d{1,6}(?![\\d.])");
  private static final Pattern PDB =
      Pattern.compile("(?<![0-9A-Fa-f])([0-9A-Fa-f]{32})-?(\\d{1,3})(?![0-9A-Fa-f])");
  private static final long MAX_BYTES = 4 << 20;

  /** None are known. */
  public static Versions none() {
    return new Versions(Map.of(), Optional.empty());
  }

  /**
   * Reads a list: of each line that has both, a version and a GUID with its age (as symbol servers
   * write it, or with a hyphen between them). The rest of the line, and other lines, say nothing.
   *
   * @throws IOException if the file cannot be read, or is no text of less than 4 MiB
   */
  public static Versions list(Path file) throws IOException {
    if (Files.size(file) > MAX_BYTES) {
      throw new IOException("is no list of versions: it has more than 4 MiB");
    }
    Map<String, String> versions = new HashMap<>();
    String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    text.lines()
        .forEach(
            line -> {
              Matcher version = VERSION.matcher(line);
              Matcher pdb = PDB.matcher(line);
              if (version.find() && pdb.find()) {
                versions.put(
                    pdb.group(1).toUpperCase(Locale.ROOT) + "-" + Integer.parseInt(pdb.group(2)),
                    version.group());
              }
            });
    return new Versions(versions, Optional.empty());
  }

  /** Whether a text is a version as Windows writes it, e.g. 10.0.22621.1702. */
  public static boolean isVersion(String text) {
    return VERSION.matcher(text).matches();
  }

  Optional<String> of(String pdb) {
    return Optional.ofNullable(byPdb.get(pdb)).or(() -> ofAll);
  }
}
