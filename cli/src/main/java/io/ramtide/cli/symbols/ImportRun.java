package io.ramtide.cli.symbols;

import io.ramtide.cli.data.FolderLock;
import io.ramtide.cli.term.Cleanup;
import io.ramtide.cli.term.ExitCode;
import io.ramtide.cli.term.Failure;
import io.ramtide.cli.term.Terminal;
import io.ramtide.scanner.symbols.KnownKernel;
import io.ramtide.scanner.symbols.SymbolDataException;
import io.ramtide.scanner.symbols.isf.SymbolImport;
import io.ramtide.scanner.symbols.isf.SymbolImport.Outcome;
import io.ramtide.scanner.symbols.isf.SymbolImport.Result;
import io.ramtide.scanner.symbols.isf.Versions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * One import.
 *
 * @param files tables, and folders with tables
 * @param source for people
 */
public record ImportRun(List<Path> files, Versions versions, Optional<String> source) {

  /** Into the user's symbols, which stand beside those that ship. */
  public ExitCode intoDataFolder(Path symbols, Terminal terminal) {
    TableFiles tables = TableFiles.of(files);
    Optional<FolderLock> lock = FolderLock.tryLock(symbols);
    if (lock.isEmpty()) {
      throw new Failure(
          ExitCode.LOCAL, symbols + " is in use by another import: wait until that has ended");
    }
    try (Cleanup cleanup = new Cleanup()) {
      cleanup.add(lock.get());
      return run(SymbolImport.besideShipped(symbols), tables, symbols, terminal);
    } catch (IOException e) {
      throw notWritten(symbols, e);
    } catch (SymbolDataException e) {
      throw Symbols.failure(e);
    }
  }

  /** Into a folder of its own. */
  public ExitCode into(Path folder, Terminal terminal) {
    try {
      return run(SymbolImport.selfContained(folder), TableFiles.of(files), folder, terminal);
    } catch (IOException e) {
      throw notWritten(folder, e);
    } catch (SymbolDataException e) {
      throw Symbols.failure(e);
    }
  }

  private static Failure notWritten(Path folder, IOException e) {
    return new Failure(
        ExitCode.LOCAL,
        "cannot write symbols to %s (%s): make room, or make it writable, or name another folder"
            .formatted(folder, Failure.reason(e)),
        e);
  }

  private ExitCode run(SymbolImport symbols, TableFiles tables, Path folder, Terminal terminal)
      throws IOException {
    tables
        .leftOut()
        .forEach(
            other -> terminal.say("ramtide: %s: left out, nothing in it is used".formatted(other)));
    List<Outcome> outcomes =
        symbols.run(
            tables.files(), versions, source, (read, of) -> say(terminal, tables, read, of));
    outcomes.forEach(outcome -> print(terminal, outcome));
    long imported = count(outcomes, Result.IMPORTED);
    long known = count(outcomes, Result.KNOWN);
    long failed = count(outcomes, Result.FAILED);
    terminal.say(
        "ramtide: %d imported into %s, %d known before, %d failed"
            .formatted(imported, folder, known, failed));
    if (failed == 0) {
      return ExitCode.OK;
    }
    return imported + known == 0 ? ExitCode.UNREADABLE_INPUT : ExitCode.INCOMPLETE;
  }

  private static void say(Terminal terminal, TableFiles tables, int read, int of) {
    int step = 50;
    if (read > 0 && read < of && read % step == 0) {
      terminal.say("ramtide: read %d of %d tables".formatted(read, tables.files().size()));
    }
  }

  private static void print(Terminal terminal, Outcome outcome) {
    if (outcome.result() == Result.FAILED) {
      terminal.warn("%s: %s".formatted(outcome.file(), outcome.text()));
    } else if (outcome.result() == Result.IMPORTED) {
      terminal.say(
          "ramtide: " + outcome.kernel().map(ImportRun::start).orElse("") + outcome.text());
    }
  }

  private static String start(KnownKernel kernel) {
    String version = kernel.version().isEmpty() ? "" : " (" + kernel.version() + ")";
    return kernel.pdb() + version + ": ";
  }

  private static long count(List<Outcome> outcomes, Result result) {
    return outcomes.stream().filter(outcome -> outcome.result() == result).count();
  }
}
