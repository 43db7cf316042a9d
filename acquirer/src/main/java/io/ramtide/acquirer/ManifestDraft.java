package io.ramtide.acquirer;

import io.ramtide.acquirer.pages.Clocks;
import io.ramtide.acquirer.pages.CopyCounts;
import io.ramtide.acquirer.pages.PassCounts;
import io.ramtide.acquirer.source.ChangeHint;
import io.ramtide.acquirer.source.MemoryRange;
import io.ramtide.acquirer.source.MemorySource;
import io.ramtide.acquirer.source.SourceDescription;
import io.ramtide.schemas.CaptureKind;
import io.ramtide.schemas.Ed25519Signature;
import io.ramtide.schemas.FrameRange;
import io.ramtide.schemas.Manifest;
import io.ramtide.schemas.PreviousManifest;
import io.ramtide.schemas.SessionId;
import io.ramtide.schemas.Sha256;
import io.ramtide.schemas.Source;
import io.ramtide.schemas.Stripe;
import io.ramtide.schemas.VerifiedBlocks;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * A manifest before its signature.
 *
 * @param verified whether blocks were verified
 * @param last the domain's manifest before it, null for the first
 */
record ManifestDraft(
    UUID domain,
    Optional<String> domainName,
    long number,
    SessionId session,
    KeyframePlan plan,
    boolean verified,
    CaptureLog.Entry last,
    CaptureOrder order) {
  /** The manifest is a record of at most 1 MiB, whatever a source says. */
  private static final int MAX_WARNINGS = 64;

  private static final int MAX_WARNING_CHARS = 1000;

  /** More processors than a guest has; the manifest is a record of at most 1 MiB. */
  private static final int MAX_CR3S = 1 << 12;

  /** All that is known once every chunk is acknowledged; the signature is still zero. */
  Manifest of(
      MemorySource source,
      Optional<ChangeHint> hint,
      PassCounts counts,
      Stripe stripe,
      byte[] merkleRoot,
      long startedAt,
      long readEndedAt,
      byte[] publicKey) {
    SourceDescription description = source.description();
    CaptureKind kind = plan.keyframe() == number ? CaptureKind.KEYFRAME : CaptureKind.DELTA;
    return Manifest.newBuilder()
        .setDomain(domain.toString())
        .setDomainName(domainName.orElse(null))
        .setCapture(number)
        .setSession(session)
        .setKind(kind)
        .setMethod(description.method())
        .setConsistency(description.consistency())
        .setHost(Program.HOST)
        .setAcquirer(Program.NAME)
        .setSource(
            new Source(
                description.name(),
                boxed(description.bytes()),
                boxed(description.modifiedAtMicros())))
        .setStartedAt(startedAt)
        .setEndedAt(Clocks.micros())
        .setRam(frames(source.ram()))
        .setDataFrames(counts.data())
        .setZeroFrames(counts.zero())
        .setUnreadableFrames(counts.unreadable())
        .setUnchangedFrames(counts.unchanged())
        .setChunks(counts.chunks())
        .setStripes(List.of(stripe))
        .setMerkleRoot(new Sha256(merkleRoot))
        .setPrevious(previous())
        .setCr3s(source.cr3s().stream().limit(MAX_CR3S).toList())
        .setReadEndedAt(readEndedAt)
        .setPausedMicros(boxed(source.pausedMicros()))
        .setMachine(source.machine().map(MachineRecord::of).orElse(null))
        .setCompleteFrom(plan.completeFrom())
        .setRefreshedFrames(counts.refreshed())
        .setRereadFrames(counts.copies().reread())
        .setTornFrames(counts.copies().torn())
        .setVerifiedBlocks(verifiedBlocks(counts.copies()))
        .setChangeDetection(kind == CaptureKind.DELTA ? changeDetection(hint) : null)
        .setWarnings(warnings(description))
        .setCommand(order.command().orElse(null))
        .setPublicKey(ByteBuffer.wrap(publicKey))
        .setSignature(new Ed25519Signature(new byte[64]))
        .build();
  }

  private VerifiedBlocks verifiedBlocks(CopyCounts copies) {
    return verified ? new VerifiedBlocks(copies.blocks(), copies.differing()) : null;
  }

  private static String changeDetection(Optional<ChangeHint> hint) {
    return hint.map(used -> "keyed-hash+" + used.how()).orElse("keyed-hash");
  }

  private static List<String> warnings(SourceDescription description) {
    return description.warnings().stream()
        .limit(MAX_WARNINGS)
        .map(each -> each.substring(0, Math.min(each.length(), MAX_WARNING_CHARS)))
        .toList();
  }

  private PreviousManifest previous() {
    return last == null
        ? null
        : new PreviousManifest(
            last.manifest().getCapture(),
            last.partition(),
            last.offset(),
            new Sha256(last.sha256()));
  }

  private static List<FrameRange> frames(List<MemoryRange> ram) {
    return ram.stream()
        .map(
            range ->
                new FrameRange(
                    range.gpa() / MemorySource.FRAME_BYTES,
                    range.length() / MemorySource.FRAME_BYTES))
        .toList();
  }

  private static Long boxed(OptionalLong value) {
    return value.isPresent() ? value.getAsLong() : null;
  }
}
