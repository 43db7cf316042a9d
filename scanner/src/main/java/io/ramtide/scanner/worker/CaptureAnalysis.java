package io.ramtide.scanner.worker;

import io.ramtide.scanner.image.SparseImage;
import io.ramtide.scanner.memory.MemoryWithCr3s;
import io.ramtide.scanner.windows.Analysis;
import io.ramtide.scanner.windows.WindowsAnalyzer;
import io.ramtide.scanner.worker.limits.KeyLimits;
import io.ramtide.scanner.worker.limits.Oversized;
import io.ramtide.schemas.CaptureStatus;
import io.ramtide.schemas.FindingCodec;
import io.ramtide.schemas.FindingKind;
import io.ramtide.schemas.ListStatus;
import io.ramtide.schemas.Manifest;
import io.ramtide.schemas.RegistryKeyFinding;
import io.ramtide.schemas.Summary;
import io.ramtide.schemas.SystemFinding;
import java.io.IOException;
import org.apache.avro.specific.SpecificRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns one capture into its findings, the Summary last. */
final class CaptureAnalysis {
  private static final Logger LOG = LoggerFactory.getLogger(CaptureAnalysis.class);

  private final FindingCodec codec = new FindingCodec();
  private final CaptureImages images;
  private final WindowsAnalyzer analyzer;
  private final ScannerOptions options;

  CaptureAnalysis(CaptureImages images, WindowsAnalyzer analyzer, ScannerOptions options) {
    this.images = images;
    this.analyzer = analyzer;
    this.options = options;
  }

  /** Fills the spool with the findings of a capture. */
  void findingsOf(StoredManifest stored, FindingSpool spool) throws IOException {
    Manifest manifest = stored.manifest();
    Summary summary;
    try {
      summary = analyze(manifest, images.imageOf(stored), spool);
    } catch (CaptureUnreadableException e) {
      LOG.warn(
          "domain {} capture {}: {}", manifest.getDomain(), manifest.getCapture(), e.getMessage());
      summary = unreadable(manifest, e.getMessage());
    }
    spool.add(codec.encode(manifest.getDomain(), manifest.getCapture(), summary));
    spool.finish();
  }

  private Summary analyze(Manifest manifest, SparseImage image, FindingSpool spool)
      throws IOException {
    Oversized oversized = new Oversized();
    try {
      Analysis analysis =
          analyzer.analyze(
              new MemoryWithCr3s(image, manifest.getCr3s()),
              image.takeChanges(),
              options.request().at(manifest.getCapture()),
              finding -> add(manifest, finding, spool, oversized));
      return summary(manifest)
          .setStatus(analysis.status())
          .setDetail(analysis.detail().orElse(null))
          .setFindings(spool.count())
          .setGuestTime(analysis.system().map(SystemFinding::getGuestTime).orElse(null))
          .setActiveList(analysis.activeList())
          .setActiveListDetail(analysis.activeListDetail().orElse(null))
          .setCoverage(oversized.correct(analysis.coverage()))
          .build();
    } catch (RuntimeException | StackOverflowError e) {
      // The analyzer promises not to throw; a guest that finds a way must not end the worker.
      LOG.error("domain {} capture {}", manifest.getDomain(), manifest.getCapture(), e);
      spool.clear();
      return unreadable(manifest, "the scanner failed: " + e);
    }
  }

  private void add(
      Manifest manifest, SpecificRecord finding, FindingSpool spool, Oversized oversized) {
    SpecificRecord small =
        finding instanceof RegistryKeyFinding key ? KeyLimits.apply(key) : finding;
    byte[] record = codec.encode(manifest.getDomain(), manifest.getCapture(), small);
    if (oversized.fits(FindingKind.of(small), record.length)) {
      spool.add(record);
    }
  }

  private static Summary unreadable(Manifest manifest, String why) {
    return summary(manifest)
        .setStatus(CaptureStatus.UNREADABLE)
        .setDetail(why)
        .setFindings(0)
        .setActiveList(ListStatus.notWalked)
        .build();
  }

  private static Summary.Builder summary(Manifest manifest) {
    return Summary.newBuilder()
        .setStartedAt(manifest.getStartedAt())
        .setEndedAt(manifest.getEndedAt())
        .setConsistency(manifest.getConsistency())
        .setUnreadableFrames(manifest.getUnreadableFrames());
  }
}
