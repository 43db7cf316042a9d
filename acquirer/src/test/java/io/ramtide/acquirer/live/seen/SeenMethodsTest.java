package io.ramtide.acquirer.live.seen;

import static io.ramtide.acquirer.live.seen.ScriptedGuest.HIDDEN;
import static io.ramtide.acquirer.live.seen.ScriptedGuest.HIGH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.ramtide.acquirer.live.CaptureMethod;
import io.ramtide.acquirer.live.GuestGoneException;
import io.ramtide.acquirer.live.Method;
import io.ramtide.acquirer.live.MethodOptions;
import io.ramtide.acquirer.live.MethodUnavailableException;
import io.ramtide.acquirer.live.choice.Methods;
import io.ramtide.acquirer.qemu.RamRegion;
import io.ramtide.acquirer.source.MemoryRange;
import io.ramtide.acquirer.source.MemorySource;
import io.ramtide.schemas.Consistency;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Peek, dump and pmemsave of a guest that does as it is told. */
class SeenMethodsTest {
  @TempDir Path folder;

  private final ScriptedGuest guest = new ScriptedGuest();

  private CaptureMethod choose(Method method) throws IOException {
    MethodOptions options = new MethodOptions(folder, MethodOptions.DEFAULT_MAX_PAUSE);
    return Methods.choose(guest, Optional.of(method), options);
  }

  private long left() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.count();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"PEEK", "DUMP", "PMEMSAVE"})
  void ram_is_read_and_what_is_shown_in_front_of_it_is_unreadable(Method name) throws Exception {
    try (CaptureMethod method = choose(name)) {
      for (int capture = 0; capture < 2; capture++) {
        try (MemorySource source = method.open()) {
          assertThat(source.ram())
              .containsExactly(new MemoryRange(0, 2 << 20), new MemoryRange(HIGH, 1 << 20));
          assertThat(source.unreadable()).containsExactly(HIDDEN);
          assertThat(source.data())
              .containsExactly(
                  new MemoryRange(0, 0xa0000),
                  new MemoryRange(0xc0000, 0x140000),
                  new MemoryRange(HIGH, 1 << 20));
          for (MemoryRange range : source.data()) {
            byte[] bytes = new byte[(int) range.length()];
            source.read(range.gpa(), ByteBuffer.wrap(bytes));
            assertThat(bytes).isEqualTo(guest.at(range.gpa(), bytes.length));
            ByteBuffer view = source.view(range.gpa(), bytes.length);
            assertThat(view.isReadOnly()).isTrue();
            assertThat(view).isEqualTo(ByteBuffer.wrap(bytes));
          }
          source.finish();
          assertThat(source.machine()).isPresent();
          assertThat(source.description().method()).isEqualTo(name.text());
          assertThat(source.description().consistency())
              .isEqualTo(name == Method.DUMP ? Consistency.POINT_IN_TIME : Consistency.LIVE);
          assertThat(source.pausedMicros().isPresent()).isEqualTo(name == Method.DUMP);
          assertThat(source.description().warnings())
              .singleElement()
              .asString()
              .contains("128 KiB", "0xa0000");
        }
      }
    }
    assertThat(left()).isZero();
  }

  @ParameterizedTest
  @EnumSource(names = {"PEEK", "PMEMSAVE"})
  void guest_that_ends_in_mid_capture_is_gone(Method name) throws Exception {
    try (CaptureMethod method = choose(name)) {
      MemorySource source = method.open();
      guest.ended = true;
      assertThatExceptionOfType(GuestGoneException.class)
          .isThrownBy(() -> source.read(0, ByteBuffer.allocate(4096)));
      assertThatExceptionOfType(GuestGoneException.class).isThrownBy(source::finish);
      source.close();
      assertThatExceptionOfType(GuestGoneException.class).isThrownBy(method::open);
    }
    assertThat(left()).isZero();
  }

  @Test
  void guest_that_ends_while_it_is_dumped_is_gone() throws Exception {
    try (CaptureMethod method = choose(Method.DUMP)) {
      guest.afterDump = () -> guest.ended = true;
      assertThatExceptionOfType(GuestGoneException.class).isThrownBy(method::open);
    }
    assertThat(left()).isZero();
  }

  @ParameterizedTest
  @EnumSource(names = {"PEEK", "PMEMSAVE"})
  void ram_that_is_plugged_in_mid_capture_makes_it_invalid(Method name) throws Exception {
    try (CaptureMethod method = choose(name);
        MemorySource source = method.open()) {
      MemoryRange dimm = new MemoryRange(8L << 30, 1 << 20);
      guest.regions =
          List.of(
              guest.regions.get(0),
              guest.regions.get(1),
              new RamRegion(dimm, "memdimm0", 0, OptionalLong.empty()));
      assertThatIOException().isThrownBy(source::finish).withMessageContaining("layout changed");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"PEEK", "PMEMSAVE"})
  void guest_that_was_started_again_in_mid_capture_is_another_one(Method name) throws Exception {
    try (CaptureMethod method = choose(name);
        MemorySource source = method.open()) {
      guest.run = "2";
      assertThatExceptionOfType(GuestGoneException.class)
          .isThrownBy(source::finish)
          .withMessageContaining("started again");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"PEEK", "PMEMSAVE"})
  void what_the_guest_hides_in_mid_capture_is_a_warning_and_prevents_nothing(Method name)
      throws Exception {
    try (CaptureMethod method = choose(name);
        MemorySource source = method.open()) {
      guest.view =
          guest.view.replace("00000001000fffff (prio 0, ram)", "000000010000ffff (prio 0, ram)");
      source.finish();
      assertThat(source.description().warnings()).anyMatch(text -> text.contains("began to hide"));
    }
  }

  @Test
  void what_the_guest_hid_during_a_dump_is_unreadable() throws Exception {
    try (CaptureMethod method = choose(Method.DUMP)) {
      guest.afterDump =
          () ->
              guest.view =
                  guest.view.replace(
                      "00000001000fffff (prio 0, ram)", "00000001000effff (prio 0, ram)");
      try (MemorySource source = method.open()) {
        assertThat(source.unreadable())
            .containsExactly(HIDDEN, new MemoryRange(HIGH + 0xf0000, 0x10000));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"PEEK", "DUMP", "PMEMSAVE"})
  void inflated_balloon_is_told(Method name) throws Exception {
    guest.balloon = OptionalLong.of(2 << 20);
    try (CaptureMethod method = choose(name);
        MemorySource source = method.open()) {
      assertThat(source.description().warnings()).anyMatch(text -> text.contains("holds 1 MiB"));
    }
  }

  @Test
  void calls_are_of_4_mib_at_most_and_never_beyond_what_is_asked_for() throws Exception {
    guest.regions =
        List.of(new RamRegion(new MemoryRange(0, 9 << 20), "pc.ram", 0, OptionalLong.empty()));
    guest.view =
        """
        FlatView #0
         AS "memory", root: system
          0000000000000000-00000000008fffff (prio 0, ram): pc.ram
        """;
    guest.ram = new byte[9 << 20];
    byte[] bytes = new byte[9 << 20];
    try (CaptureMethod method = choose(Method.PEEK);
        MemorySource source = method.open()) {
      guest.peeks.clear();
      source.read(0, ByteBuffer.wrap(bytes));
    }
    try (CaptureMethod method = choose(Method.PMEMSAVE);
        MemorySource source = method.open()) {
      guest.saves.clear();
      source.read(0, ByteBuffer.wrap(bytes));
    }
    assertThat(guest.peeks).containsExactly(4 << 20, 4 << 20, 1 << 20);
    assertThat(guest.saves)
        .containsExactly("0x0+0x400000", "0x400000+0x400000", "0x800000+0x100000");
  }

  @ParameterizedTest
  @EnumSource(names = {"DUMP", "PMEMSAVE"})
  void folder_that_is_not_there_is_told_before_anything_happens(Method name) {
    folder = folder.resolve("none");
    assertThatExceptionOfType(MethodUnavailableException.class)
        .isThrownBy(() -> choose(name))
        .withMessageContaining("there is no such folder");
    assertThat(guest.saves).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"DUMP", "PMEMSAVE"})
  void guest_of_another_host_cannot_write_here(Method name) {
    guest.remote = true;
    assertThatExceptionOfType(MethodUnavailableException.class)
        .isThrownBy(() -> choose(name))
        .withMessageContaining("another host");
  }

  @Test
  void guest_of_another_host_can_be_peeked_at() throws Exception {
    guest.remote = true;
    choose(Method.PEEK).close();
  }

  @ParameterizedTest
  @EnumSource(names = {"DUMP", "PMEMSAVE"})
  void file_that_qemu_does_not_write_whole_is_refused(Method name) throws Exception {
    try (CaptureMethod method = choose(name)) {
      guest.writer = (file, right) -> Files.write(file, Arrays.copyOf(right, right.length / 2));
      assertThatIOException()
          .isThrownBy(() -> method.open().view(HIGH, 1 << 20))
          .withMessageContaining("full?");
    }
  }

  @Test
  void file_that_qemu_writes_too_much_to_is_refused() throws Exception {
    try (CaptureMethod method = choose(Method.PMEMSAVE)) {
      guest.writer = (file, right) -> Files.write(file, new byte[right.length + 1]);
      try (MemorySource source = method.open()) {
        assertThatIOException()
            .isThrownBy(() -> source.view(0, 4096))
            .withMessageContaining("4097");
      }
    }
    assertThat(left()).isZero();
  }

  @Test
  void qemu_that_may_not_write_is_told_with_what_to_do() throws Exception {
    guest.writer =
        (file, right) -> {
          throw new IOException("Could not open '" + file + "': Permission denied");
        };
    assertThatIOException()
        .isThrownBy(() -> choose(Method.PMEMSAVE))
        .withMessageContaining("Permission denied")
        .withMessageContaining("its user must be able to write there");
    assertThat(left()).isZero();
  }

  @Test
  void dump_that_nothing_was_written_to_is_refused() throws Exception {
    try (CaptureMethod method = choose(Method.DUMP)) {
      guest.writer = (file, right) -> {};
      assertThatIOException().isThrownBy(method::open).withMessageContaining("on this host?");
    }
    assertThat(left()).isZero();
  }

  @Test
  void dump_that_is_replaced_by_a_link_is_not_followed() throws Exception {
    Path secret = Files.write(folder.resolve("secret"), new byte[8192]);
    try (CaptureMethod method = choose(Method.DUMP)) {
      guest.writer =
          (file, right) -> {
            Files.delete(file);
            Files.createSymbolicLink(file, secret);
          };
      assertThatIOException().isThrownBy(method::open);
    }
    assertThat(secret).exists();
    assertThat(left()).isEqualTo(1);
  }

  @Test
  void dump_that_is_no_elf_core_is_refused() throws Exception {
    try (CaptureMethod method = choose(Method.DUMP)) {
      guest.writer = (file, right) -> Files.write(file, new byte[right.length]);
      assertThatIOException().isThrownBy(method::open).withMessageContaining("no ELF core");
    }
    assertThat(left()).isZero();
  }

  @Test
  void what_a_killed_process_left_is_removed_but_not_what_is_in_use() throws Exception {
    Path left = Files.createDirectory(folder.resolve(guest.uuid() + "-pmemsave-123"));
    Files.write(left.resolve("ram"), new byte[4096]);
    Files.write(left.resolve("lock"), new byte[0]);
    Path other = Files.createDirectory(folder.resolve(new UUID(3, 4) + "-pmemsave-1"));
    try (CaptureMethod method = choose(Method.PMEMSAVE);
        MemorySource source = method.open()) {
      assertThat(left).doesNotExist();
      choose(Method.PMEMSAVE).close();
      assertThat(source.view(0, 4096)).isEqualTo(ByteBuffer.wrap(guest.at(0, 4096)));
    }
    assertThat(other).exists();
    assertThat(left()).isEqualTo(1);
  }
}
