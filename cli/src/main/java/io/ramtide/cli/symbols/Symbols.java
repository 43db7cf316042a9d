package io.ramtide.cli.symbols;

import io.ramtide.cli.data.DataFolder;
import io.ramtide.cli.term.ExitCode;
import io.ramtide.cli.term.Failure;
import io.ramtide.scanner.symbols.SymbolDataException;
import io.ramtide.scanner.symbols.SymbolStore;
import java.util.function.Consumer;

/** The symbols that a command decodes by. */
public final class Symbols {
  private Symbols() {}

  /**
   * Those that ship, and those imported into the data folder.
   *
   * @param warnings told of imported ones that are not used
   * @throws Failure if the imported ones cannot be read
   */
  public static SymbolStore open(DataFolder data, Consumer<String> warnings) {
    try {
      SymbolStore store = SymbolStore.with(data.symbols());
      store.warnings().forEach(warnings);
      return store;
    } catch (SymbolDataException e) {
      throw failure(e);
    }
  }

  /** What to say of symbol data that turn out to be unreadable. */
  public static Failure failure(SymbolDataException e) {
    return new Failure(ExitCode.LOCAL, e.getMessage(), e);
  }
}
