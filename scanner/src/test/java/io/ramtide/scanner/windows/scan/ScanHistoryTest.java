package io.ramtide.scanner.windows.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.scanner.memory.FrameSet;
import io.ramtide.scanner.memory.TestMemory;
import io.ramtide.scanner.signature.Signature;
import io.ramtide.scanner.symbols.SymbolStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * However a memory changes, a scan of the changed frames finds what a scan of all of them finds.
 */
class ScanHistoryTest {
  private static final SymbolStore SYMBOLS = SymbolStore.shipped();
  private static final int FRAME = 4096;
  private static final int FRAMES = 304; // The first 256 are 1 MiB, where start-up code may lie.

  private final TestMemory memory = TestMemory.ofSize(FRAMES * FRAME);
  private final ScanHistory history = new ScanHistory();
  private final List<Signature> signatures =
      List.copyOf(full().known().orElseThrow().hits().keySet());

  private GuestScan full() {
    return GuestScan.of(memory, SYMBOLS);
  }

  private static List<String> describe(GuestScan scan) {
    List<String> found = new ArrayList<>();
    ScanHistory.Known known = scan.known().orElseThrow();
    for (Map.Entry<Signature, long[]> hits : known.hits().entrySet()) {
      if (hits.getValue().length > 0) {
        found.add(hits.getKey() + " " + Arrays.toString(hits.getValue()));
      }
    }
    found.sort(null);
    found.add(known.roots() + " " + scan.stubRoots());
    return found;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void scanOfChanges_isTheScanOfAll(long seed) {
    Random random = new Random(seed);
    for (int frame = 0; frame < FRAMES; frame++) {
      fill(frame, random);
    }
    history.scan(memory, FrameSet.ALL, SYMBOLS);
    for (int round = 0; round < 40; round++) {
      FrameSet.Builder changed = new FrameSet.Builder(FRAMES);
      for (int i = random.nextInt(8); i > 0; i--) {
        int frame =
            random.nextInt(4) == 0 ? random.nextInt(256) : 256 + random.nextInt(FRAMES - 256);
        fill(frame, random);
        changed.add(frame, 1);
      }
      GuestScan scan = history.scan(memory, changed.build(), SYMBOLS);
      assertThat(describe(scan)).as("round %d", round).isEqualTo(describe(full()));
    }
  }

  /** Gives a frame other traces, or none, or makes it a page-table root. */
  private void fill(int frame, Random random) {
    memory.put((long) frame * FRAME, new byte[FRAME]);
    for (int i = random.nextInt(6); i > 0; i--) {
      Signature signature = signatures.get(random.nextInt(signatures.size()));
      long slot = (long) frame * FRAME + 16L * random.nextInt(FRAME / 16 - 2);
      memory.putInt(signature.place() == Signature.Place.TAG ? slot + 4 : slot, signature.value());
      if (signature.place() == Signature.Place.START) {
        memory.putLong(slot + 8, 0xffff_fa80_0000_0000L);
      }
    }
    if (random.nextInt(4) == 0) {
      long root = (long) frame * FRAME;
      int kuser = (int) (GuestScan.USER_SHARED_DATA >>> 39) & 0x1ff;
      memory.putLong(root + 8L * kuser, FRAME | 3);
      memory.putLong(root + 8L * (300 + random.nextInt(100)), root | 3);
    }
  }

  @Test
  void unchangedFrames_areNotLookedAt() {
    history.scan(memory, FrameSet.ALL, SYMBOLS);
    fill(300, new Random(9));
    GuestScan scan = history.scan(memory, new FrameSet.Builder(1).build(), SYMBOLS);
    assertThat(describe(scan)).as("it was not told of the change").containsExactly("[] []");
  }

  @Test
  void memoryThatIsNotKnown_isScannedWhole() {
    fill(300, new Random(9));
    GuestScan scan = history.scan(memory, new FrameSet.Builder(1).build(), SYMBOLS);
    assertThat(describe(scan)).isEqualTo(describe(full()));
  }
}
