package io.ramtide.correlator;

import io.ramtide.correlator.ecs.Text;
import io.ramtide.schemas.AvroCodec;
import io.ramtide.schemas.Finding;
import io.ramtide.schemas.ProcessFinding;
import io.ramtide.schemas.Summary;
import io.ramtide.schemas.UnreadableRecordException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Reads findings off the topic and refuses those that make no sense. */
final class Inspection {
  /** A finding has a few hundred bytes. */
  static final int MAX_FINDING_BYTES = 4096;

  private static final Pattern UUID =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  /** 9999-12-31: later times do not fit into RFC 3339. Microseconds since 1970 UTC. */
  private static final long MAX_MICROS = 253_402_300_799_999_999L;

  /** The same in 100 ns since 1601 UTC. */
  private static final long MAX_FILE_TIME = 2_650_467_743_999_999_999L;

  private final AvroCodec<Finding> codec = AvroCodec.of(Finding.class);

  /**
   * Reads a record of ramtide.findings.
   *
   * @throws UnreadableRecordException if it is no finding or makes no sense, with the reason
   */
  Finding read(byte[] key, byte[] value) throws UnreadableRecordException {
    if (value != null && value.length > MAX_FINDING_BYTES) {
      throw new UnreadableRecordException(
          "a finding of %d bytes; at most %d are read".formatted(value.length, MAX_FINDING_BYTES));
    }
    Finding finding = codec.decode(value);
    String domain = finding.getDomain();
    if (!UUID.matcher(domain).matches()) {
      throw new UnreadableRecordException(
          "domain '%s' is no lower-case UUID".formatted(Text.bounded(domain, Text.NAME)));
    }
    if (key == null || !domain.equals(new String(key, StandardCharsets.UTF_8))) {
      throw new UnreadableRecordException("the key is not the finding's domain " + domain);
    }
    if (finding.getCapture() < 1) {
      throw new UnreadableRecordException(
          "capture %d: captures are numbered from 1".formatted(finding.getCapture()));
    }
    if (finding.getBody() instanceof Summary summary) {
      check(summary);
    }
    return finding;
  }

  /** The finding in a buffered record: it was readable when it came. */
  Object body(byte[] buffered) {
    try {
      return codec.decode(buffered).getBody();
    } catch (UnreadableRecordException e) {
      throw new IllegalStateException("damaged state: " + e.getMessage(), e);
    }
  }

  /** Times that cannot be are unknown; names are short. The guest chose both. */
  static ProcessFinding tame(ProcessFinding process) {
    return ProcessFinding.newBuilder(process)
        .setImageName(Text.bounded(process.getImageName(), Text.NAME))
        .setCreateTime(plausible(process.getCreateTime()))
        .setExitTime(plausible(process.getExitTime()))
        .build();
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
