package io.ramtide.scanner.paging;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.scanner.memory.FrameReader;
import io.ramtide.scanner.memory.PhysicalMemory;
import io.ramtide.scanner.memory.TestMemory;
import io.ramtide.scanner.paging.PteFormat.Bits;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * Random tables, dense in everything that can be wrong, against a translator that shares no code:
 * tables that are each other's tables, overlapping large pages, prototype PTEs anywhere.
 */
class TranslationPropertiesTest {
  private static final int FRAMES = 64;
  private static final long ROOT = 0x1000;
  private static final long KERNEL_ROOT = 0x2000;
  private static final long MASK = 0x2000_0000_0000L;

  @Property(tries = 60)
  void everyAddress_isTranslatedAsStepByStep(@ForAll long seed) {
    compare(seed, PagingMode.X64_4_LEVEL, 39, 0);
  }

  @Property(tries = 30)
  void everyAddressUnderFiveLevels_isTranslatedAsStepByStep(@ForAll long seed) {
    compare(seed, PagingMode.X64_5_LEVEL, 48, 0);
  }

  @Property(tries = 30)
  void everySwizzledEntry_isReadAsStepByStep(@ForAll long seed) {
    compare(seed, PagingMode.X64_4_LEVEL, 39, MASK);
  }

  /** A read through the cache, byte by byte, is the read of what each address translates to. */
  @Property(tries = 60)
  void readAround_givesWhatEachAddressHolds(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 0x5000) int length) {
    Random random = new Random(seed);
    TestMemory memory = tables(random, 0);
    AddressSpace space = new AddressSpace(process(memory, PagingMode.X64_4_LEVEL, 0));
    NaiveTranslator naive = new NaiveTranslator(memory, KERNEL_ROOT, 39, 0);
    long va = address(random, 39);
    byte[] target = new byte[length];

    AddressSpace.ReadResult read = space.readAround(va, target, 0, length);

    int prefix = 0;
    boolean gone = false;
    for (int i = 0; i < length; i++) {
      long at = naive.translate(ROOT, va + i);
      boolean readable = at == NaiveTranslator.ZEROS || (at >= 0 && at < FRAMES * 0x1000L);
      gone |= !readable;
      prefix += gone ? 0 : 1;
      int offset = i;
      assertThat(read.gaps().stream().anyMatch(p -> p.offset() <= offset && offset < p.end()))
          .as("gap at 0x%x", va + i)
          .isEqualTo(!readable);
      byte expected = readable && at >= 0 ? (byte) (memory.readLong(at & ~7) >>> (at % 8 * 8)) : 0;
      assertThat(target[i]).as("byte at 0x%x", va + i).isEqualTo(expected);
    }
    assertThat(read.bytes()).isEqualTo(prefix);
    assertThat(read.isComplete()).isEqualTo(prefix == length);
  }

  private static void compare(long seed, PagingMode mode, int topShift, long mask) {
    Random random = new Random(seed);
    TestMemory memory = tables(random, mask);
    PageTables tables = process(memory, mode, mask);
    NaiveTranslator naive = new NaiveTranslator(memory, KERNEL_ROOT, topShift, mask);
    for (int i = 0; i < 3000; i++) {
      long va = address(random, topShift);

      Translation where = tables.translate(va);

      assertThat(place(where)).as("0x%x: %s", va, where).isEqualTo(naive.translate(ROOT, va));
      assertThat(tables.mapped(va)).isEqualTo(Math.max(place(where), -1));
    }
  }

  private static long place(Translation where) {
    if (where instanceof Translation.Mapped mapped) {
      return mapped.gpa();
    }
    return where instanceof Translation.Zeros ? NaiveTranslator.ZEROS : NaiveTranslator.NOWHERE;
  }

  private static PageTables process(PhysicalMemory memory, PagingMode mode, long mask) {
    Optional<Bits> swizzle = mask == 0 ? Optional.empty() : Optional.of(new Bits(4, 1));
    PteFormat format = PteFormatTest.format(new Bits(12, 4), swizzle, Optional.empty(), mask, 0);
    return new PageTables(mode, format, new FrameReader(memory), KERNEL_ROOT)
        .process(ROOT, VadLookup.NONE);
  }

  private static TestMemory tables(Random random, long mask) {
    TestMemory memory = TestMemory.ofSize(FRAMES << 12);
    for (long at = 0; at < (long) FRAMES << 12; at += 8) {
      memory.putLong(at, entry(random, mask));
    }
    return memory;
  }

  private static long entry(Random random, long mask) {
    // Some lead out of memory.
    long frame = (long) random.nextInt(FRAMES + 2) << 12;
    long swizzled = random.nextBoolean() ? mask : 0x10 & -Long.signum(mask);
    return switch (random.nextInt(12)) {
      case 0 -> 0;
      case 1 -> frame | 0x880 | swizzled;
      case 2 -> (address(random, 39) << 16) | 0x400 | swizzled;
      case 3 -> ((long) random.nextInt(32) << 5) | swizzled;
      case 4 -> random.nextLong();
      case 5 -> frame | 0xe3;
      case 6 ->
          ((long) random.nextInt(1 << 20) << 32) | (random.nextInt(16) << 12) | 0xc0 | swizzled;
      case 7 -> random.nextBoolean() ? 0xffff_ffff_0000_0400L : 0xffff_ffff_0000_0410L;
      default -> frame | 0x63;
    };
  }

  /** Few indices in each table, so that walks meet; eight-byte aligned half of the time. */
  private static long address(Random random, int topShift) {
    long va = random.nextLong();
    int unused = 64 - topShift - 9;
    va = random.nextInt(20) == 0 ? va : va << unused >> unused;
    return random.nextBoolean() ? va & ~7L : va;
  }
}
