package io.ramtide.acquirer.host;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;

/**
 * Which pages of a process hold anything, from /proc/PID/pagemap: 8 bytes for each 4 KiB, in native
 * byte order. Without CAP_SYS_ADMIN Linux hides the frame numbers, and nothing that is read here.
 * With transparent huge pages what it tells is 2 MiB coarse.
 */
public final class Pagemap implements Closeable {
  private static final int PAGE = 4096;
  private static final int ENTRY = 8;
  private static final int CHUNK = 128 << 10;
  private static final long PRESENT = 1L << 63;
  private static final long SWAPPED = 1L << 62;
  private static final long EXCLUSIVE = 1L << 56;
  private static final long SOFT_DIRTY = 1L << 55;

  private final HostProcess process;
  private final FileChannel channel;
  private final ByteBuffer entries =
      ByteBuffer.allocateDirect(CHUNK).order(ByteOrder.nativeOrder());

  private Pagemap(HostProcess process, FileChannel channel) {
    this.process = process;
    this.channel = channel;
  }

  /**
   * Part of a process's addresses.
   *
   * @param start of the first byte
   * @param end after the last byte
   */
  public record Pages(long start, long end) {}

  public static Pagemap of(HostProcess process) throws IOException {
    try {
      return new Pagemap(
          process, FileChannel.open(process.proc("pagemap"), StandardOpenOption.READ));
    } catch (IOException e) {
      throw process.explain(e);
    }
  }

  /**
   * What is in memory or swap between two page addresses, ascending and disjoint. What is not was
   * never touched, or, in a mapped file, not by this process.
   *
   * @param most if there are more parts, the last one has all the rest
   */
  public List<Pages> populated(long start, long end, int most) throws IOException {
    List<Pages> parts = new ArrayList<>();
    if (where(entry -> (entry & (PRESENT | SWAPPED)) != 0, start, end, most, parts) < end) {
      Pages last = parts.remove(parts.size() - 1);
      parts.add(new Pages(last.start(), end));
    }
    return parts;
  }

  /**
   * The pages of private anonymous memory that were surely not written by the process since {@link
   * SoftDirty#clear}, ascending and disjoint. A page that was dropped and read again is not among
   * them: it is the zero page then, which is no process's own.
   *
   * @param most if there are more parts, those behind are left out
   */
  public List<Pages> unwritten(long start, long end, int most) throws IOException {
    List<Pages> parts = new ArrayList<>();
    long own = PRESENT | EXCLUSIVE;
    where(entry -> (entry & (own | SOFT_DIRTY)) == own, start, end, most, parts);
    return parts;
  }

  /** Collects parts, and returns up to where they were looked for. */
  private long where(LongPredicate wanted, long start, long end, int most, List<Pages> parts)
      throws IOException {
    long from = -1;
    for (long at = start; at < end; ) {
      fill(at, end);
      for (; entries.hasRemaining(); at += PAGE) {
        boolean is = wanted.test(entries.getLong());
        if (is && from < 0) {
          from = at;
        } else if (!is && from >= 0) {
          parts.add(new Pages(from, at));
          from = -1;
          if (parts.size() == most) {
            return at;
          }
        }
      }
    }
    if (from >= 0) {
      parts.add(new Pages(from, end));
    }
    return end;
  }

  /** Reads the entries of some pages from an address on. */
  private void fill(long at, long end) throws IOException {
    entries.clear().limit((int) Math.min(CHUNK, (end - at) / PAGE * ENTRY));
    long position = at / PAGE * ENTRY;
    try {
      while (entries.hasRemaining()) {
        int read = channel.read(entries, position + entries.position());
        if (read <= 0) {
          throw new ProcessGoneException(
              "process %d has ended: its pagemap is empty".formatted(process.pid()), null);
        }
      }
    } catch (ProcessGoneException e) {
      throw e;
    } catch (IOException e) {
      throw process.explain(e);
    }
    entries.flip();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
