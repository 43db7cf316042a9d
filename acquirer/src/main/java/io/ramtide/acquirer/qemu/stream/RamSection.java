package io.ramtide.acquirer.qemu.stream;

import io.ramtide.acquirer.qemu.GuestLayout;
import io.ramtide.acquirer.qemu.stream.BlockPages.Block;
import io.ramtide.acquirer.source.MemorySource;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The section "ram", version 4: records of a u64 whose low 12 bits are flags and whose other bits
 * are an offset in a block, or for the block list its size in bytes. The block's name (u8 length,
 * text) follows unless the record continues the block before. Of several copies the last counts.
 */
final class RamSection implements Closeable {
  private static final int FRAME = MemorySource.FRAME_BYTES;
  private static final int MAX_BLOCKS = 4096;
  private static final long MAX_BLOCK = 1L << 46;

  /** Of a stream that goes by: what is neither RAM nor, by the list of blocks, may be. */
  static final long MAX_OTHER = 64L << 20;

  /** Its bytes, and the longest head that a page has. */
  private static final int MAX_PAGE = FRAME + 8 + 256;

  private static final int ZERO = 0x02;
  private static final int LIST = 0x04;
  private static final int PAGE = 0x08;
  private static final int END = 0x10;
  private static final int CONTINUE = 0x20;
  private static final int MULTIFD_FLUSH = 0x200;

  private final StreamInput in;
  private final PageStore store;
  private final BlockLayout layoutOf;

  private GuestLayout layout;
  private BlockPages blocks;
  private PageIndex index;
  private Block current;

  RamSection(StreamInput in, PageStore store, BlockLayout layoutOf) {
    this.in = in;
    this.store = store;
    this.layoutOf = layoutOf;
  }

  /** Reads records up to the one that ends this part of the section. */
  void read(String machine) throws IOException {
    while (true) {
      long word = in.u64("a record of RAM");
      int flags = (int) word & (FRAME - 1);
      long offset = word & -FRAME;
      switch (flags & ~CONTINUE) {
        case LIST -> list(machine, offset);
        case ZERO -> zero(page(flags, offset));
        case PAGE -> data(page(flags, offset));
        case MULTIFD_FLUSH -> {
          // Only where pages travel by other connections, of which this stream has none.
        }
        case END -> {
          return;
        }
        default ->
            throw in.bad(
                ("its pages are encoded with flags 0x%x, which are not supported; switch the"
                        + " migration capabilities xbzrle, compress and multifd off")
                    .formatted(flags));
      }
    }
  }

  /** Whether the list of blocks was read. */
  boolean begun() {
    return blocks != null;
  }

  RamImage image() throws IOException {
    store.end();
    return new RamImage(layout, blocks, index, store.file());
  }

  private void list(String machine, long total) throws IOException {
    if (blocks != null) {
      throw in.bad("it lists its RAM blocks twice");
    }
    List<RamBlock> listed = new ArrayList<>();
    long left = total;
    while (left != 0) {
      String name = in.counted("the list of RAM blocks");
      long bytes = in.u64("the list of RAM blocks");
      if (bytes <= 0 || bytes > MAX_BLOCK || bytes % FRAME != 0 || bytes > left) {
        throw in.bad(
            "block %s has 0x%x bytes of 0x%x".formatted(StreamInput.shown(name), bytes, left));
      }
      if (listed.size() == MAX_BLOCKS) {
        throw in.bad("it has more than %d RAM blocks".formatted(MAX_BLOCKS));
      }
      listed.add(new RamBlock(name, bytes));
      left -= bytes;
    }
    layout = layoutOf.of(machine, listed);
    try {
      blocks = BlockPages.of(layout, listed);
    } catch (IOException e) {
      throw in.bad(e.getMessage());
    }
    index = new PageIndex(blocks.wanted());
    if (store instanceof PageStore.Spool) {
      in.limit(2 * blocks.pages() * MAX_PAGE + MAX_OTHER);
    }
  }

  /** The number of the page that a record speaks of, or -1 if nobody wants it. */
  private long page(int flags, long offset) throws IOException {
    if ((flags & CONTINUE) == 0) {
      String name = in.counted("the name of a RAM block");
      current = blocks == null ? null : blocks.block(name);
      if (current == null) {
        throw in.bad("it has a page of block %s, not in its list".formatted(StreamInput.shown(name)));
      }
    } else if (current == null) {
      throw in.bad("a page continues no block");
    }
    long page = offset / FRAME;
    if (page < 0 || page >= current.pages()) {
      throw in.bad(
          "it has a page at 0x%x of block %s, which has 0x%x bytes"
              .formatted(offset, StreamInput.shown(current.name()), current.pages() * FRAME));
    }
    return page < current.wanted() ? current.first() + page : -1;
  }

  private void zero(long page) throws IOException {
    int fill = in.u8("a zero page");
    if (fill != 0) {
      throw in.bad("a page is filled with 0x%02x, which is not supported".formatted(fill));
    }
    if (page >= 0) {
      index.set(page, PageIndex.ZERO);
    }
  }

  private void data(long page) throws IOException {
    long position = in.position();
    ByteBuffer bytes = in.bytes(FRAME, "a page");
    if (page >= 0) {
      index.set(page, store.keep(bytes, position, index.get(page)));
    }
  }

  @Override
  public void close() throws IOException {
    store.close();
    if (index != null) {
      index.close();
    }
  }
}
