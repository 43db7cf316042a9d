package io.ramtide.acquirer.live.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.acquirer.host.HostProcess;
import io.ramtide.acquirer.host.MappedArea;
import io.ramtide.acquirer.host.MappedArea.FileId;
import io.ramtide.acquirer.qemu.GuestLayout;
import io.ramtide.acquirer.qemu.RamRegion;
import io.ramtide.acquirer.source.MachineFacts;
import io.ramtide.acquirer.source.MemoryRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class HeldFramesTest {
  private static final int FRAME = 4096;
  private static final MemoryRange RAM = new MemoryRange(0, 8 * FRAME);
  private static final List<MemoryRange> DATA = List.of(new MemoryRange(2 * FRAME, 3 * FRAME));

  @Test
  void frameWithoutMemory_isZero_ifTheBalloonIsEmpty() {
    HeldFrames held = HeldFrames.of(state(RAM.length()), DATA, List.of(), List.of());
    assertThat(held.unreadable()).isEmpty();
    assertThat(held.warnings()).isEmpty();
  }

  @Test
  void frameWithoutMemory_isUnreadable_whileTheBalloonHoldsSome() {
    HeldFrames held = HeldFrames.of(state(RAM.length() - FRAME), DATA, List.of(), List.of());
    assertThat(held.unreadable())
        .containsExactly(new MemoryRange(0, 2 * FRAME), new MemoryRange(5 * FRAME, 3 * FRAME));
    assertThat(held.warnings()).singleElement().asString().contains("balloon");
  }

  @Test
  void frameThatCannotBeRead_isUnreadable() {
    List<MemoryRange> lost = List.of(new MemoryRange(6 * FRAME, FRAME));
    HeldFrames held = HeldFrames.of(state(RAM.length()), DATA, lost, List.of("other"));
    assertThat(held.unreadable()).isEqualTo(lost);
    assertThat(held.warnings()).hasSize(2).anyMatch(text -> text.contains("0x6000"));
  }

  @Test
  void piecesOfAFile_areWholeFrames_andDisjoint() {
    RamPart part =
        new RamPart(
            RAM, 0x10000, new MappedArea(0x10000, 0x18000, true, 0, new FileId("08:01", 1)));
    List<MemoryRange> pieces = new ArrayList<>();
    part.addPiece(1024, 2048, pieces);
    part.addPiece(3072, 5000, pieces);
    part.addPiece(5 * FRAME, 9 * FRAME, pieces);
    assertThat(pieces)
        .containsExactly(new MemoryRange(0, 2 * FRAME), new MemoryRange(5 * FRAME, 3 * FRAME));
  }

  private static GuestState state(long balloon) {
    return new GuestState(
        "1",
        new HostProcess(1, 1),
        new GuestLayout(List.of(new RamRegion(RAM, "pc.ram", 0, OptionalLong.empty()))),
        new MachineFacts(
            "QEMU",
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalInt.empty(),
            OptionalLong.of(balloon),
            List.of()));
  }
}
