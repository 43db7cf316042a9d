package io.ramtide.scanner.worker;

import io.ramtide.scanner.image.ImageCache;
import io.ramtide.scanner.image.SparseImage;
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
 * Gives the image of a capture: from the cache and one delta, or rebuilt from the last keyframe.
 */
final class CaptureImages {
  /** Deltas since a keyframe; a chain that is longer is refused. */
  private static final int MOST_DELTAS = 10_000;

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
      for (StoredManifest step : stepsTo(target)) {
        apply(domain, step);
      }
    } catch (CaptureUnreadableException | IOException | RuntimeException e) {
      cache.drop(domain); // It may be in between two captures.
      throw e;
    }
    return cache.get(domain).orElseThrow().image();
  }

  private void apply(String domain, StoredManifest step)
      throws CaptureUnreadableException, IOException {
    Manifest manifest = step.manifest();
    SparseImage image;
    if (manifest.getKind() == CaptureKind.KEYFRAME) {
      cache.drop(domain);
      image = cache.create(ramOf(manifest));
    } else {
      image = cache.get(domain).orElseThrow().image();
    }
    // Until it is whole the image must not be found in the cache as a capture's.
    cache.put(domain, new ImageCache.Entry(image, "in between"));
    chunks.apply(manifest, image);
    cache.put(domain, new ImageCache.Entry(image, step.sha256()));
  }

  /** The manifests to apply, oldest first: since the cached one, or since the last keyframe. */
  private Deque<StoredManifest> stepsTo(StoredManifest target)
      throws CaptureUnreadableException, IOException {
    Optional<String> cached =
        cache.get(target.manifest().getDomain()).map(ImageCache.Entry::manifest);
    Deque<StoredManifest> steps = new ArrayDeque<>();
    StoredManifest step = target;
    while (true) {
      if (cached.isPresent() && cached.get().equals(step.sha256())) {
        return steps;
      }
      steps.addFirst(step);
      if (step.manifest().getKind() == CaptureKind.KEYFRAME) {
        return steps;
      }
      if (steps.size() > MOST_DELTAS) {
        throw new CaptureUnreadableException(
            "no keyframe in the %d captures before it".formatted(MOST_DELTAS));
      }
      step = previousOf(step);
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
