package io.ramtide.cli.pipeline;

import io.ramtide.acquirer.dump.Dumps;
import io.ramtide.acquirer.dump.UnreadableDumpException;
import io.ramtide.acquirer.source.MemorySource;
import io.ramtide.cli.term.ExitCode;
import io.ramtide.cli.term.Failure;
import io.ramtide.cli.term.Terminal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Dump files of one domain, all open: a bad one is found before any work is done. */
public record OpenDumps(List<MemorySource> sources, UUID domain) implements AutoCloseable {

  /** Opens the files and tells what is wrong with those that can be read all the same. */
  public static OpenDumps open(List<Path> files, Optional<UUID> domain, Terminal terminal) {
    List<MemorySource> sources = new ArrayList<>();
    try {
      for (Path file : files) {
        MemorySource source = Dumps.open(file);
        sources.add(source);
        source.description().warnings().forEach(text -> terminal.warn(file + ": " + text));
      }
      UUID known = domain.isPresent() ? domain.get() : Dumps.domainOf(sources.get(0));
      return new OpenDumps(List.copyOf(sources), known);
    } catch (UnreadableDumpException e) {
      close(sources);
      throw new Failure(ExitCode.UNREADABLE_INPUT, e.getMessage(), e);
    } catch (RuntimeException | Error e) {
      close(sources);
      throw e;
    }
  }

  /** Whether a source lacks a part of its RAM. */
  public boolean isIncomplete() {
    return sources.stream()
        .anyMatch(
            source -> !source.unreadable().isEmpty() || !source.description().warnings().isEmpty());
  }

  @Override
  public void close() {
    close(sources);
  }

  private static void close(List<MemorySource> sources) {
    for (MemorySource source : sources) {
      try {
        source.close();
      } catch (IOException e) {
        // It was only read.
      }
    }
  }
}
