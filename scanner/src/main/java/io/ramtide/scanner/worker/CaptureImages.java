package io.ramtide.scanner.worker;

import io.ramtide.scanner.image.ImageCache;
import io.ramtide.scanner.image.SparseImage;
import io.ramtide.scanner.memory.FrameStatus;
import io.ramtide.scanner.memory.PhysicalMemory;
import io.ramtide.scanner.memory.PhysicalRange;
import io.ramtide.schemas.CaptureKind;
import io.ramtide.schemas.FrameRange;
import io.ramtide.schemas.Manifest;
import io.ramtide.schemas.PreviousManifest;
import io.ramtide.schemas.Topics;
import io.ramtide.schemas.UnreadableRecordException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/**
 * Gives the image of a capture: from the cache and one delta, or rebuilt from the captures that
 * together tell all of RAM: since the last keyframe, or fewer where keyframes roll.
 */
final class CaptureImages {
  /** Captures that one image is rebuilt from; a chain that is longer is refused. */
  private static final int MOST_CAPTURES = 10_000;

  /** x64 has at most 52 bits of physical address. */
  private static final long MAX_FRAME = 1L << 40;

  /** 16 TiB of RAM. */
  private static final long MOST_FRAMES = 1L << 32;

  private final ImageCache cache;
  private final TopicReader captures;
  private final ChunkReader chunks;

  CaptureImages(ImageCache cache, TopicReader captures, ChunkReader chunks) {
    this.cache = cache;
    this.captures = captures;
    this.chunks = chunks;
  }

  /** The memory at the end of this capture. It is valid until the next call for its domain. */
  SparseImage imageOf(StoredManifest target) throws CaptureUnreadableException, IOException {
    String domain = target.manifest().getDomain();
    try {
      Deque<StoredManifest> steps = stepsTo(target);
      boolean rebuilt = cache.get(domain).isEmpty();
      boolean begins = rebuilt;
      for (StoredManifest step : steps) {
        apply(domain, step, begins);
        begins = false;
      }
      if (rebuilt) {
        requireWhole(target, steps.getFirst());
      }
    } catch (CaptureUnreadableException | IOException | RuntimeException e) {
      cache.drop(domain); // It may be in between two captures.
      throw e;
    }
    return cache.get(domain).orElseThrow().image();
  }

  private void apply(String domain, StoredManifest step, boolean begins)
      throws CaptureUnreadableException, IOException {
    Manifest manifest = step.manifest();
    SparseImage image;
    if (begins || manifest.getKind() == CaptureKind.KEYFRAME) {
      cache.drop(domain);
      image = cache.create(ramOf(manifest));
    } else {
      image = cache.get(domain).orElseThrow().image();
      if (!image.ram().equals(ramOf(manifest))) {
        throw new CaptureUnreadableException(
            "capture %d is a delta, but its RAM layout is not that of the capture before it"
                .formatted(manifest.getCapture()));
      }
    }
    // Until it is whole the image must not be found in the cache as a capture's.
    cache.put(domain, new ImageCache.Entry(image, "in between"));
    chunks.apply(manifest, image);
    cache.put(domain, new ImageCache.Entry(image, step.sha256()));
  }

  /** What no capture since the first one told is unknown, and must not be taken for absent RAM. */
  private void requireWhole(StoredManifest target, StoredManifest first)
      throws CaptureUnreadableException {
    SparseImage image = cache.get(target.manifest().getDomain()).orElseThrow().image();
    long unknown = image.count(FrameStatus.ABSENT);
    if (unknown > 0) {
      throw new CaptureUnreadableException(
          "%d frames of its RAM are told by none of the captures %d to %d"
              .formatted(unknown, first.manifest().getCapture(), target.manifest().getCapture()));
    }
  }

  /** The manifests to apply, oldest first: since the cached one, or since RAM is complete. */
  private Deque<StoredManifest> stepsTo(StoredManifest target)
      throws CaptureUnreadableException, IOException {
    Optional<ImageCache.Entry> cached = cache.get(target.manifest().getDomain());
    Long completeFrom = target.manifest().getCompleteFrom();
    Deque<StoredManifest> steps = new ArrayDeque<>();
    StoredManifest step = target;
    while (true) {
      if (cached.isPresent() && cached.get().manifest().equals(step.sha256())) {
        return steps;
      }
      steps.addFirst(step);
      if (cached.isPresent() && continues(step, cached.get().manifest())) {
        return steps;
      }
      requireRetained(target, step);
      boolean complete = completeFrom != null && step.manifest().getCapture() <= completeFrom;
      if (complete || step.manifest().getKind() == CaptureKind.KEYFRAME) {
        cache.drop(target.manifest().getDomain()); // It does not lead here.
        return steps;
      }
      if (steps.size() > MOST_CAPTURES) {
        throw new CaptureUnreadableException(
            "it is not complete even with the %d captures before it".formatted(MOST_CAPTURES));
      }
      step = previousOf(step);
    }
  }

  private static boolean continues(StoredManifest step, String manifest) {
    PreviousManifest previous = step.manifest().getPrevious();
    return step.manifest().getKind() == CaptureKind.DELTA
        && previous != null
        && hex(previous.getSha256().bytes()).equals(manifest);
  }

  /**
   * Before the long way back is gone: where the pages of a capture have expired it leads nowhere.
   */
  private void requireRetained(StoredManifest target, StoredManifest step)
      throws CaptureUnreadableException {
    Optional<String> expired = chunks.expired(step.manifest());
    if (expired.isPresent()) {
      long needs = step.manifest().getCapture();
      throw new CaptureUnreadableException(
          "%s have expired: %s. Later captures can be read once a keyframe, or a whole round of"
                  .formatted(
                      needs == target.manifest().getCapture()
                          ? "its pages"
                          : "the pages of capture " + needs + ", on which it builds,",
                      expired.get())
              + " rolling ones, is on the topic");
    }
  }

  private StoredManifest previousOf(StoredManifest step)
      throws CaptureUnreadableException, IOException {
    PreviousManifest previous = step.manifest().getPrevious();
    if (previous == null) {
      throw new CaptureUnreadableException(
          "capture %d is a delta that names no capture before it"
              .formatted(step.manifest().getCapture()));
    }
    List<byte[]> value = new ArrayList<>();
    captures.read(
        new TopicPartition(Topics.CAPTURES, previous.getPartition()),
        previous.getOffset(),
        previous.getOffset(),
        record -> value.add(record.value()));
    if (value.isEmpty()) {
      throw new CaptureUnreadableException(
          "the manifest of capture %d is not at %s-%d@%d"
              .formatted(
                  previous.getCapture(),
                  Topics.CAPTURES,
                  previous.getPartition(),
                  previous.getOffset()));
    }
    StoredManifest stored;
    try {
      stored = StoredManifest.decode(value.get(0));
    } catch (UnreadableRecordException e) {
      throw new CaptureUnreadableException(e.getMessage(), e);
    }
    if (!stored.sha256().equals(hex(previous.getSha256().bytes()))
        || !stored.manifest().getDomain().equals(step.manifest().getDomain())) {
      throw new CaptureUnreadableException(
          "the manifest of capture %d is not the one that capture %d continues"
              .formatted(previous.getCapture(), step.manifest().getCapture()));
    }
    return stored;
  }

  private static List<PhysicalRange> ramOf(Manifest manifest) throws CaptureUnreadableException {
    List<PhysicalRange> ram = new ArrayList<>();
    long end = 0;
    long total = 0;
    for (FrameRange range : manifest.getRam()) {
      long first = range.getFirstFrame();
      long frames = range.getFrames();
      if (first < end || frames < 1 || first > MAX_FRAME || frames > MOST_FRAMES) {
        throw new CaptureUnreadableException("its RAM layout is not ascending and disjoint");
      }
      end = first + frames;
      total += frames;
      if (total > MOST_FRAMES) {
        throw new CaptureUnreadableException("it claims more than 16 TiB of RAM");
      }
      ram.add(
          new PhysicalRange(
              first * PhysicalMemory.FRAME_BYTES, frames * PhysicalMemory.FRAME_BYTES));
    }
    return ram;
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
