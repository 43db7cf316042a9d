package io.ramtide.correlator;

import io.ramtide.correlator.ecs.Text;
import io.ramtide.schemas.Coverage;
import io.ramtide.schemas.Finding;
import io.ramtide.schemas.FindingCodec;
import io.ramtide.schemas.FindingKind;
import io.ramtide.schemas.ProcessFinding;
import io.ramtide.schemas.Summary;
import io.ramtide.schemas.UnreadableRecordException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.avro.specific.SpecificRecord;

/** Reads findings off the topic and refuses those that make no sense. */
final class Inspection {
  /** A process with the longest texts that Windows allows has some 200 KiB. */
  static final int MAX_FINDING_BYTES = 512 << 10;

  /** Of a domain's findings there are 10^5 of other kinds, which are not decoded. */
  private static final Set<FindingKind> USED =
      EnumSet.of(FindingKind.system, FindingKind.process, FindingKind.summary);

  private static final String PROCESSES = "processes";

  private static final Pattern UUID =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  /** 9999-12-31: later times do not fit into RFC 3339. Microseconds since 1970 UTC. */
  private static final long MAX_MICROS = 253_402_300_799_999_999L;

  /** The same in 100 ns since 1601 UTC. */
  private static final long MAX_FILE_TIME = 2_650_467_743_999_999_999L;

  private final FindingCodec codec = new FindingCodec();

  /**
   * Reads a record of ramtide.findings; empty if it is of a kind that is not correlated.
   *
   * @throws UnreadableRecordException if it is no finding or makes no sense, with the reason
   */
  Optional<Finding> read(byte[] key, byte[] value) throws UnreadableRecordException {
    if (codec.kind(value).filter(kind -> !USED.contains(kind)).isPresent()) {
      return Optional.empty();
    }
    if (value != null && value.length > MAX_FINDING_BYTES) {
      throw new UnreadableRecordException(
          "a finding of %d bytes; at most %d are read".formatted(value.length, MAX_FINDING_BYTES));
    }
    Finding finding = codec.decode(value);
    String domain = finding.domain();
    if (!UUID.matcher(domain).matches()) {
      throw new UnreadableRecordException(
          "domain '%s' is no lower-case UUID".formatted(Text.bounded(domain, Text.NAME)));
    }
    if (key == null || !domain.equals(new String(key, StandardCharsets.UTF_8))) {
      throw new UnreadableRecordException("the key is not the finding's domain " + domain);
    }
    if (finding.capture() < 1) {
      throw new UnreadableRecordException(
          "capture %d: captures are numbered from 1".formatted(finding.capture()));
    }
    if (finding.body() instanceof Summary summary) {
      check(summary);
    }
    return Optional.of(finding);
  }

  /** A finding as it is buffered: tame, and its domain and capture stand elsewhere. */
  byte[] buffered(SpecificRecord body) {
    return codec.encode("", 0, body instanceof ProcessFinding process ? tame(process) : body);
  }

  /** The same without what a guest may fill a store with. */
  byte[] bufferedWithoutTexts(SpecificRecord body) {
    return codec.encode(
        "", 0, body instanceof ProcessFinding process ? ProcessTexts.leftOut(tame(process)) : body);
  }

  /** The finding in a buffered record: it was readable when it came. */
  SpecificRecord body(byte[] buffered) {
    try {
      return codec.decode(buffered).body();
    } catch (UnreadableRecordException e) {
      throw new IllegalStateException("damaged state: " + e.getMessage(), e);
    }
  }

  /** Times that cannot be are unknown; texts are bounded. The guest chose both. */
  private static ProcessFinding tame(ProcessFinding process) {
    return ProcessTexts.bounded(
        ProcessFinding.newBuilder(process)
            .setCreateTime(plausible(process.getCreateTime()))
            .setExitTime(plausible(process.getExitTime()))
            // They differ in every capture, and nothing is told of them.
            .setThreadCount(null)
            .setHandleCount(null)
            .build());
  }

  /**
   * How many of the findings that a Summary closes are of the kinds that are correlated.
   *
   * @return all of them, if it does not say
   */
  static int expected(Summary summary) {
    for (Coverage coverage : summary.getCoverage()) {
      if (coverage.getKind().equals(PROCESSES) && summary.getFindings() > 0) {
        return coverage.getCount() + 1; // And the kernel's.
      }
    }
    return summary.getFindings();
  }

  static Summary tame(Summary summary) {
    return Summary.newBuilder(summary)
        .setDetail(Text.bounded(summary.getDetail(), Text.SENTENCE))
        .setActiveListDetail(Text.bounded(summary.getActiveListDetail(), Text.SENTENCE))
        .setGuestTime(plausible(summary.getGuestTime()))
        .build();
  }

  private static void check(Summary summary) throws UnreadableRecordException {
    for (long micros : new long[] {summary.getStartedAt(), summary.getEndedAt()}) {
      if (micros < 0 || micros > MAX_MICROS) {
        throw new UnreadableRecordException(
            "a Summary with host time %d us since 1970".formatted(micros));
      }
    }
  }

  private static Long plausible(Long fileTime) {
    return fileTime == null || fileTime <= 0 || fileTime > MAX_FILE_TIME ? null : fileTime;
  }
}
