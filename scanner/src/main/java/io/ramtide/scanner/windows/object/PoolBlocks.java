package io.ramtide.scanner.windows.object;

import io.ramtide.scanner.memory.PhysicalMemory;
import io.ramtide.scanner.paging.MappingWalk;
import io.ramtide.scanner.paging.ReverseMap;
import io.ramtide.scanner.symbols.StructType;
import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.scan.PoolTag;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.LongStream;

/**
 * Blocks of the pool with the tags of pool-tags.json: those with a header before them, which the
 * scan met, and those of whole pages, which the big-page table lists. A block is at the lowest
 * kernel address of its frame; a frame that no kernel page table maps holds no block in use.
 */
final class PoolBlocks {
  /** Block sizes count 16 bytes. */
  private static final int UNIT = 16;

  /** In use: POOL_IN_USE_MASK; a free block's PoolType lacks it. */
  private static final int IN_USE = 2;

  private final Guest guest;
  private final StructType header;
  private final ReverseMap addresses;
  private final Map<Integer, List<Block>> big;
  private final Optional<String> bigGap;

  /**
   * One block.
   *
   * @param start VA of its contents
   * @param bytes of its contents
   * @param headerGpa of its pool header; of its contents if it has none
   */
  record Block(long start, int bytes, long headerGpa, boolean isFree) {}

  PoolBlocks(Guest guest) {
    this.guest = guest;
    this.header = guest.type("POOL_HEADER");
    LongStream tags = PoolTag.all().stream().flatMapToLong(tag -> Arrays.stream(hits(tag)));
    // What is found by its shape needs an address too, and one walk serves both.
    LongStream places = LongStream.concat(tags, Arrays.stream(guest.scan().hives()));
    this.addresses = new ReverseMap(guest.space().tables(), places, guest.kernel().selfMapIndex());
    this.big = new HashMap<>();
    BigPool.Result whole = BigPool.read(guest);
    this.bigGap = whole.gap();
    whole
        .found()
        .forEach(
            block -> big.computeIfAbsent(block.tag(), tag -> new ArrayList<>()).add(block.block()));
  }

  private long[] hits(PoolTag tag) {
    return guest.scan().tags(tag, guest.layout().firstBuild());
  }

  /** Why blocks with a tag may be missing. */
  List<String> gaps(PoolTag tag) {
    List<String> gaps = new ArrayList<>();
    int build = guest.layout().firstBuild();
    long cut = guest.scan().cut(tag, build);
    if (cut > 0) {
      int kept = hits(tag).length;
      gaps.add("pool: only the first %d of %d places were looked at".formatted(kept, kept + cut));
    }
    if (!addresses.isWhole()) {
      gaps.add(
          "pool: the kernel has more than %d page tables, not all were walked"
              .formatted(MappingWalk.MAX_TABLES));
    }
    bigGap.ifPresent(gaps::add);
    return gaps;
  }

  /** The lowest kernel address of a place that the scan met. */
  OptionalLong va(long gpa) {
    return addresses.va(gpa);
  }

  /** The blocks with a tag. */
  List<Block> of(PoolTag tag) {
    List<Block> blocks = new ArrayList<>();
    for (long gpa : hits(tag)) {
      OptionalLong va = addresses.va(gpa);
      if (va.isPresent()) {
        block(gpa, va.getAsLong()).ifPresent(blocks::add);
      }
    }
    blocks.addAll(big.getOrDefault(tag.value(guest.layout().firstBuild()), List.of()));
    return blocks;
  }

  private Optional<Block> block(long gpa, long va) {
    Optional<ByteBuffer> frame = guest.frames().frame(gpa);
    if (frame.isEmpty()) {
      return Optional.empty();
    }
    int at = (int) gpa & (PhysicalMemory.FRAME_BYTES - 1);
    int size = (int) bits(frame.get(), at, "BlockSize") * UNIT;
    boolean inUse = (bits(frame.get(), at, "PoolType") & IN_USE) != 0;
    return size <= header.size()
        ? Optional.empty()
        : Optional.of(new Block(va + header.size(), size - header.size(), gpa, !inUse));
  }

  private long bits(ByteBuffer frame, int at, String field) {
    StructType.Field place = header.field(field);
    int inEight = place.offset() % Long.BYTES;
    long eight = frame.getLong(at + place.offset() - inEight);
    return place.in(eight >>> (Byte.SIZE * inEight));
  }
}
