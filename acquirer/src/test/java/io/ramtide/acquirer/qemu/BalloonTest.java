package io.ramtide.acquirer.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.acquirer.source.MachineFacts;
import io.ramtide.acquirer.source.MemoryRange;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class BalloonTest {
  private static final GuestLayout LAYOUT =
      new GuestLayout(
          List.of(
              new RamRegion(new MemoryRange(0, 0x8000000), "a", 0, OptionalLong.empty()),
              new RamRegion(
                  new MemoryRange(0x100000000L, 0x8000000), "b", 0, OptionalLong.empty())));

  @Test
  void without_a_balloon_what_has_no_memory_is_zero() {
    Balloon none = Balloon.of(machine(OptionalLong.empty()), LAYOUT);

    assertThat(none.unreadable(LAYOUT, List.of())).isEmpty();
    assertThat(none.warning()).isEmpty();
    assertThat(none.warningOfZeros()).isEmpty();
  }

  @Test
  void empty_balloon_is_none() {
    assertThat(Balloon.of(machine(OptionalLong.of(0x10000000)), LAYOUT).heldBytes()).isZero();
  }

  @Test
  void while_it_is_inflated_what_has_no_memory_is_unreadable() {
    Balloon balloon = Balloon.of(machine(OptionalLong.of(0xc000000)), LAYOUT);

    assertThat(
            balloon.unreadable(
                LAYOUT,
                List.of(new MemoryRange(0x1000, 0x7fff000), new MemoryRange(0x100000000L, 0x2000))))
        .containsExactly(
            new MemoryRange(0, 0x1000), new MemoryRange(0x100002000L, 0x8000000 - 0x2000));
    assertThat(balloon.warning()).hasValueSatisfying(text -> assertThat(text).contains("64 MiB"));
    assertThat(balloon.warningOfZeros()).isPresent();
  }

  @Test
  void balloon_that_leaves_more_than_there_is_is_empty() {
    assertThat(Balloon.of(machine(OptionalLong.of(Long.MAX_VALUE)), LAYOUT).heldBytes()).isZero();
  }

  private static MachineFacts machine(OptionalLong balloon) {
    return new MachineFacts(
        "QEMU",
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        OptionalLong.empty(),
        OptionalLong.empty(),
        OptionalInt.empty(),
        balloon,
        List.of());
  }
}
