package io.ramtide.scanner.worker;

import io.ramtide.scanner.image.SparseImage;
import io.ramtide.scanner.memory.MemoryWithCr3s;
import io.ramtide.scanner.windows.Analysis;
import io.ramtide.scanner.windows.WindowsAnalyzer;
import io.ramtide.schemas.CaptureStatus;
import io.ramtide.schemas.Finding;
import io.ramtide.schemas.ListStatus;
import io.ramtide.schemas.Manifest;
import io.ramtide.schemas.ProcessFinding;
import io.ramtide.schemas.Summary;
import io.ramtide.schemas.SystemFinding;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns one capture into its findings, the Summary last. */
final class CaptureAnalysis {
  private static final Logger LOG = LoggerFactory.getLogger(CaptureAnalysis.class);

  private final CaptureImages images;
  private final WindowsAnalyzer analyzer;

  CaptureAnalysis(CaptureImages images, WindowsAnalyzer analyzer) {
    this.images = images;
    this.analyzer = analyzer;
  }

  List<Finding> findingsOf(StoredManifest stored) throws IOException {
    Manifest manifest = stored.manifest();
    SparseImage image;
    try {
      image = images.imageOf(stored);
    } catch (CaptureUnreadableException e) {
      LOG.warn(
          "domain {} capture {}: {}", manifest.getDomain(), manifest.getCapture(), e.getMessage());
      return List.of(finding(manifest, unreadable(manifest, e.getMessage())));
    }
    try {
      return findings(manifest, analyzer.analyze(new MemoryWithCr3s(image, manifest.getCr3s())));
    } catch (RuntimeException | StackOverflowError e) {
      // The analyzer promises not to throw; a guest that finds a way must not end the worker.
      LOG.error("domain {} capture {}", manifest.getDomain(), manifest.getCapture(), e);
      return List.of(finding(manifest, unreadable(manifest, "the scanner failed: " + e)));
    }
  }

  private static List<Finding> findings(Manifest manifest, Analysis analysis) {
    List<Finding> findings = new ArrayList<>();
    analysis.system().ifPresent(system -> findings.add(finding(manifest, system)));
    for (ProcessFinding process : analysis.processes()) {
      findings.add(finding(manifest, process));
    }
    findings.add(
        finding(
            manifest,
            summary(manifest)
                .setStatus(analysis.status())
                .setDetail(analysis.detail().orElse(null))
                .setFindings(findings.size())
                .setGuestTime(analysis.system().map(SystemFinding::getGuestTime).orElse(null))
                .setActiveList(analysis.activeList())
                .setActiveListDetail(analysis.activeListDetail().orElse(null))
                .build()));
    return findings;
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

  private static Finding finding(Manifest manifest, Object body) {
    return new Finding(manifest.getDomain(), manifest.getCapture(), body);
  }
}
