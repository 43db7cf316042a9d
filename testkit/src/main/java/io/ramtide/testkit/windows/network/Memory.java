package io.ramtide.testkit.windows.network;

import io.ramtide.testkit.windows.KernelSpace;
import io.ramtide.testkit.windows.pool.Pool;
import io.ramtide.testkit.windows.pool.PoolBlock;
import java.util.Arrays;

/** Where the network's structures are written: non-paged pool, by the layouts of the build. */
record Memory(KernelSpace space, Pool pool, NetworkFacts facts) {

  /** A structure at a virtual address, its fields written by their names. */
  record Place(Memory memory, String type, long va) {

    long address(String field) {
      return va + memory.facts.offset(type, field);
    }

    Place u64(String field, long value) {
      memory.space.kernel.putLong(address(field), value);
      return this;
    }

    Place u64IfPresent(String field, long value) {
      return memory.facts.has(type, field) ? u64(field, value) : this;
    }

    Place u32(String field, int value) {
      memory.space.kernel.putInt(address(field), value);
      return this;
    }

    Place u16(String field, int value) {
      memory.space.kernel.putShort(address(field), value);
      return this;
    }

    /** A port: two bytes, big-endian. */
    Place port(String field, int value) {
      return u16(field, Integer.reverseBytes(value) >>> 16);
    }

    long u64(String field) {
      return memory.space.kernel.getLong(address(field));
    }
  }

  Place at(String type, long va) {
    return new Place(this, type, va);
  }

  PoolBlock allocate(String tag, int size) {
    return pool.allocate(facts.tag(tag), size, PoolBlock.NON_PAGED);
  }

  /** A block of pool for a structure. */
  PoolBlock block(String tag, String type) {
    return allocate(tag, facts.size(type));
  }

  /** A structure of its own. */
  Place make(String tag, String type) {
    return at(type, block(tag, type).body());
  }

  long u64(long va) {
    return space.kernel.getLong(va);
  }

  void u64(long va, long value) {
    space.kernel.putLong(va, value);
  }

  /** Whether a block is free and still has a tag. */
  boolean isFreed(PoolBlock block, String tag) {
    byte[] header = space.ram.get(space.kernel.translate(block.va()), PoolBlock.HEADER);
    return header[3] == PoolBlock.FREED && Arrays.equals(header, 4, 8, facts.tag(tag), 0, 4);
  }

  /** Leaves nothing of what was in a free block. */
  void wipe(PoolBlock block) {
    space.kernel.put(block.va() + 4, space.facts.tag("free"));
    space.kernel.fillZero(block.body(), block.size() - PoolBlock.HEADER);
  }

  /** A block with its header. */
  byte[] read(PoolBlock block) {
    return space.ram.get(space.kernel.translate(block.va()), block.size());
  }
}
