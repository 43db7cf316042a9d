package io.ramtide.cli.inspect;

import io.ramtide.acquirer.Progress;
import io.ramtide.acquirer.dump.Dumps;
import io.ramtide.acquirer.dump.UnreadableDumpException;
import io.ramtide.acquirer.source.MemoryRange;
import io.ramtide.acquirer.source.MemorySource;
import io.ramtide.acquirer.source.SourceDescription;
import io.ramtide.cli.symbols.Symbols;
import io.ramtide.cli.term.ExitCode;
import io.ramtide.cli.term.Failure;
import io.ramtide.scanner.memory.FrameSet;
import io.ramtide.scanner.symbols.SymbolDataException;
import io.ramtide.scanner.symbols.SymbolStore;
import io.ramtide.scanner.windows.Analysis;
import io.ramtide.scanner.windows.WindowsAnalyzer;
import io.ramtide.scanner.windows.guest.Request;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.schemas.Summary;
import io.ramtide.schemas.SystemFinding;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;

/**
 * A dump and what it shows.
 *
 * @param unreadableFrames RAM frames of 4 KiB that the dump should hold and does not
 */
public record Inspection(
    SourceDescription source, Analysis analysis, Summary summary, long unreadableFrames) {

  /**
   * Analyses a dump.
   *
   * @param request which findings
   * @param findings takes the kernel's finding, then the others, processes first
   * @throws Failure if the file cannot be read or is no dump
   */
  public static Inspection of(
      Path file,
      SymbolStore symbols,
      Clock clock,
      Progress progress,
      Request request,
      Consumer<SpecificRecord> findings) {
    return of(file, new WindowsAnalyzer(symbols), clock, progress, request, findings);
  }

  /** The same, with an analyzer that may look for more than the scanner does. */
  public static Inspection of(
      Path file,
      WindowsAnalyzer analyzer,
      Clock clock,
      Progress progress,
      Request request,
      Consumer<SpecificRecord> findings) {
    Instant begun = clock.instant();
    AtomicInteger found = new AtomicInteger();
    try (MemorySource source = Dumps.open(file)) {
      Analysis analysis =
          analyzer.analyze(
              new SourceMemory(source, progress),
              FrameSet.ALL,
              request,
              finding -> {
                found.incrementAndGet();
                findings.accept(finding);
              });
      long unreadable =
          source.unreadable().stream().mapToLong(MemoryRange::length).sum()
              / MemorySource.FRAME_BYTES;
      SourceDescription description = source.description();
      Summary summary =
          Summary.newBuilder()
              .setStatus(analysis.status())
              .setDetail(analysis.detail().orElse(null))
              .setFindings(found.get())
              .setGuestTime(analysis.system().map(SystemFinding::getGuestTime).orElse(null))
              .setStartedAt(micros(begun))
              .setEndedAt(micros(clock.instant()))
              .setConsistency(description.consistency())
              .setActiveList(analysis.activeList())
              .setActiveListDetail(analysis.activeListDetail().orElse(null))
              .setUnreadableFrames(unreadable)
              .setCoverage(analysis.coverage())
              .build();
      return new Inspection(description, analysis, summary, unreadable);
    } catch (UnreadableDumpException e) {
      throw new Failure(ExitCode.UNREADABLE_INPUT, e.getMessage(), e);
    } catch (SymbolDataException e) {
      throw Symbols.failure(e);
    } catch (InternalError e) {
      // What a mapping answers where its file has ended meanwhile, and not always at once.
      throw new Failure(
          ExitCode.UNREADABLE_INPUT,
          file + ": has shrunk while it was read: wait until it is written, and start again",
          e);
    } catch (IOException | UncheckedIOException e) {
      throw new Failure(
          ExitCode.UNREADABLE_INPUT,
          "%s: reading failed: %s: copy the dump again".formatted(file, Failure.reason(e)),
          e);
    }
  }

  private static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  /**
   * The exit code.
   *
   * @param named kinds the user asked for by name: that one is not supported is no complete answer
   */
  public ExitCode exitCode(Set<What> named) {
    return Completeness.of(summary, !source.warnings().isEmpty(), named);
  }
}
