package io.ramtide.scanner.image;

import io.ramtide.scanner.memory.PhysicalRange;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The images a worker keeps, one a domain. It is a cache of one process: it begins empty, and what
 * an earlier process left in the folder is deleted.
 */
public final class ImageCache implements Closeable {
  /**
   * An image and what it shows.
   *
   * @param manifest SHA-256 of the manifest applied last
   */
  public record Entry(SparseImage image, String manifest) {}

  private final Path images;
  private final FileChannel lock;
  private final Map<String, Entry> entries = new HashMap<>();
  private int created;

  /** Takes the folder; another process that uses it is an IOException. */
  public ImageCache(Path folder) throws IOException {
    Files.createDirectories(folder);
    lock =
        FileChannel.open(
            folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    images = folder.resolve("images");
    try {
      if (!isFree()) {
        throw new IOException(folder + " is in use by another scanner; give each its own folder");
      }
      deleteAll();
      Files.createDirectories(images);
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private boolean isFree() throws IOException {
    try {
      return lock.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false; // Held by this very process.
    }
  }

  public Optional<Entry> get(String domain) {
    return Optional.ofNullable(entries.get(domain));
  }

  /** A fresh image that is not in the cache before {@link #put}. */
  public SparseImage create(List<PhysicalRange> ram) throws IOException {
    // The folder's name is a number: nothing from a topic names a file.
    return SparseImage.create(images.resolve(Integer.toString(created++)), ram);
  }

  /** Keeps an image for its domain. */
  public void put(String domain, Entry entry) throws IOException {
    Entry before = entries.put(domain, entry);
    if (before != null && before.image() != entry.image()) {
      before.image().close();
    }
  }

  /** Forgets a domain. */
  public void drop(String domain) throws IOException {
    Entry entry = entries.remove(domain);
    if (entry != null) {
      entry.image().close();
    }
  }

  /** Forgets every domain. */
  public void clear() throws IOException {
    for (String domain : List.copyOf(entries.keySet())) {
      drop(domain);
    }
  }

  private void deleteAll() throws IOException {
    if (!Files.exists(images)) {
      return;
    }
    try (Stream<Path> old = Files.walk(images)) {
      for (Path path : old.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  @Override
  public void close() throws IOException {
    try (lock) {
      clear();
    }
  }
}
