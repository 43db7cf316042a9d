package io.ramtide.correlator.intake;

import io.ramtide.correlator.capture.Times;
import io.ramtide.correlator.ecs.Text;
import io.ramtide.schemas.Finding;
import io.ramtide.schemas.FindingCodec;
import io.ramtide.schemas.FindingKind;
import io.ramtide.schemas.Summary;
import io.ramtide.schemas.UnreadableRecordException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads findings off the topic and refuses those that make no sense. */
public final class Inspection {
  /** A process with the longest texts that Windows allows has some 200 KiB. */
  static final int MAX_FINDING_BYTES = 512 << 10;

  /** A key is told whole or not at all; Kafka's own limit of a record. */
  static final int MAX_KEY_BYTES = 1 << 20;

  /** Of a domain's findings there are 10^5 of other kinds, which are not decoded. */
  private static final Set<FindingKind> USED =
      EnumSet.of(
          FindingKind.system,
          FindingKind.process,
          FindingKind.hive,
          FindingKind.registryKey,
          FindingKind.registryKeyGone,
          FindingKind.endpoint,
          FindingKind.summary);

  private static final Pattern UUID =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  private final FindingCodec codec = new FindingCodec();

  /**
   * Reads a record of ramtide.findings; empty if it is of a kind that is not correlated.
   *
   * @throws UnreadableRecordException if it is no finding or makes no sense, with the reason
   */
  public Optional<Finding> read(byte[] key, byte[] value) throws UnreadableRecordException {
    FindingKind kind = codec.kind(value).orElse(null);
    if (kind != null && !USED.contains(kind)) {
      return Optional.empty();
    }
    int most = kind == FindingKind.registryKey ? MAX_KEY_BYTES : MAX_FINDING_BYTES;
    if (value != null && value.length > most) {
      throw new UnreadableRecordException(
          "a finding of %d bytes; at most %d are read".formatted(value.length, most));
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

  private static void check(Summary summary) throws UnreadableRecordException {
    for (long micros : new long[] {summary.getStartedAt(), summary.getEndedAt()}) {
      if (micros < 0 || micros > Times.MAX_MICROS) {
        throw new UnreadableRecordException(
            "a Summary with host time %d us since 1970".formatted(micros));
      }
    }
  }
}
