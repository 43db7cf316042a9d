package io.ramtide.scanner.paging;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.scanner.paging.PteFormat.Bits;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PteFormatTest {
  /** InvalidPteMask of a processor with 46 physical address bits. */
  private static final long MASK = 0x2000_0000_0000L;

  @ParameterizedTest
  @CsvSource({
    "12345880, TRANSITION, 12345000, 0",
    "8a0012345400, PROTOTYPE, 8a001234, 0",
    "8a0012345678c400, PROTOTYPE, ffff8a0012345678, 0",
    "ffffffff00000400, VAD_PROTOTYPE, 0, 0",
    "ffffffff00000c00, VAD_PROTOTYPE, 0, 0",
    "12340000a0c0, PAGEFILE, 1234000, 10",
    "80, DEMAND_ZERO, 0, 0",
    "200, UNMAPPED, 0, 0",
    "0, UNMAPPED, 0, 0",
  })
  void entryOfAPageTable_isInItsState(String entry, PteState state, String address, int pagefile) {
    assertThat(PteFormat.common().decode(hex(entry)))
        .isEqualTo(new SoftwarePte(state, hex(address), pagefile));
  }

  @ParameterizedTest
  @CsvSource({
    "12345880, TRANSITION, 12345000, 0",
    "8a0012345678c4a0, IN_FILE, ffff8a0012345678, 0",
    "12340000a0c0, PAGEFILE, 1234000, 10",
    "80, DEMAND_ZERO, 0, 0",
    "0, UNMAPPED, 0, 0",
  })
  void prototypePte_isInItsState(String entry, PteState state, String address, int pagefile) {
    assertThat(PteFormat.common().decodePrototype(hex(entry)))
        .isEqualTo(new SoftwarePte(state, hex(address), pagefile));
  }

  @ParameterizedTest
  @CsvSource({
    // The mask is in the entry, and its swizzle bit is clear.
    "200012345880, TRANSITION, 12345000",
    "200000000080, DEMAND_ZERO, 0",
    "8a0032345678c400, PROTOTYPE, ffff8a0012345678",
    "3234_0000_a0c0, PAGEFILE, 1234000",
    // The entry had the mask's bit of its own: it is as it was, and the swizzle bit is set.
    "200012345890, TRANSITION, 200012345000",
    "8a0032345678c410, PROTOTYPE, ffff8a0032345678",
    "ffffffff00000410, VAD_PROTOTYPE, 0",
  })
  void swizzledEntry_isReadWithoutTheMask(String entry, PteState state, String address) {
    SoftwarePte pte = swizzled().decode(hex(entry.replace("_", "")));

    assertThat(pte.state()).isEqualTo(state);
    assertThat(pte.address()).isEqualTo(hex(address));
  }

  @Test
  void pageOfAVirtualPagefile_isCompressed() {
    PteFormat format = format(new Bits(12, 4), Optional.empty(), Optional.empty(), 0, 1 << 2);

    assertThat(format.decode(0x1234_0000_20c0L))
        .isEqualTo(new SoftwarePte(PteState.COMPRESSED, 0x1234000, 2));
    assertThat(format.decode(0x1234_0000_10c0L).state()).isEqualTo(PteState.PAGEFILE);
  }

  @Test
  void pageInTheStoreOfWindows7_isCompressed() {
    PteFormat format = format(new Bits(1, 4), Optional.empty(), Optional.of(new Bits(22, 1)), 0, 0);

    assertThat(format.decode(0x1234_0040_00c2L).state()).isEqualTo(PteState.COMPRESSED);
    assertThat(format.decode(0x1234_0000_00c2L))
        .isEqualTo(new SoftwarePte(PteState.PAGEFILE, 0x1234000, 1));
  }

  private static PteFormat swizzled() {
    return format(new Bits(12, 4), Optional.of(new Bits(4, 1)), Optional.empty(), MASK, 0);
  }

  static PteFormat format(
      Bits pageFileLow, Optional<Bits> swizzle, Optional<Bits> inStore, long mask, int stores) {
    PteFormat common = PteFormat.common();
    return new PteFormat(
        common.protection(),
        common.prototype(),
        common.transition(),
        common.pageFrame(),
        common.prototypeAddress(),
        common.subsectionAddress(),
        pageFileLow,
        common.pageFileHigh(),
        swizzle,
        inStore,
        common.decommitted(),
        mask,
        stores);
  }

  private static long hex(String digits) {
    return Long.parseUnsignedLong(digits, 16);
  }
}
