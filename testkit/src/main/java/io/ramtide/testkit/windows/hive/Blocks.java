package io.ramtide.testkit.windows.hive;

import io.ramtide.testkit.windows.KernelSpace;
import io.ramtide.testkit.windows.section.Entries;
import java.util.ArrayList;
import java.util.List;

/** The blocks of a storage, and the states of their pages. */
public final class Blocks {

  private static final int SIZE = HivePages.PAGE;

  private final KernelSpace space;
  private final HivePages pages;
  private final Entries entries;
  private final List<Block> blocks = new ArrayList<>();

  public Blocks(KernelSpace space, HivePages pages) {
    this.space = space;
    this.pages = pages;
    entries = new Entries(space);
  }

  /** Maps the blocks of a new bin. */
  List<Block> addBin(int bytes) {
    long bin = pages.map(bytes / SIZE);
    int first = blocks.size();
    for (long va = bin; va < bin + bytes; va += SIZE) {
      blocks.add(new Block(va, bin, bytes, pages.gpa(va)));
    }
    return blocks.subList(first, blocks.size());
  }

  List<Block> all() {
    return blocks;
  }

  /** Writes a block's content; if its page was gone it comes back. */
  void write(int number, byte[] content) {
    Block block = blocks.get(number);
    if (!block.state.equals("valid")) {
      block.gpa = block.inRam() ? block.gpa : space.frames.allocate();
      block.state = "valid";
      pages.mapAgain(block.va, block.gpa);
    }
    space.ram.put(block.gpa, content);
  }

  /** Takes a valid page away: transition, pagefile, absent. */
  void page(int number, String state) {
    Block block = blocks.get(number);
    if (!block.state.equals("valid")) {
      throw new IllegalStateException("block " + number + " is not valid: " + block.state);
    }
    long entry =
        switch (state) {
          case "transition" -> entries.transition(block.gpa);
          case "pagefile" -> entries.pageFile(0, 0x1000 + number);
          case "absent" -> 0;
          default -> throw new IllegalArgumentException("there is no page state " + state);
        };
    block.state = state;
    pages.putEntry(block.va, entry);
    if (!state.equals("transition")) {
      space.ram.clearFrame(block.gpa);
      space.frames.free(block.gpa);
      block.gpa = -1;
    }
  }

  void free() {
    blocks.stream()
        .filter(Block::isFirstOfBin)
        .forEach(block -> pages.unmap(block.va, block.binBytes / SIZE));
    blocks.clear();
  }
}
