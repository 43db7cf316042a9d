package io.ramtide.acquirer.qemu.stream;

import static io.ramtide.acquirer.qemu.stream.StreamBuilder.FRAME;
import static io.ramtide.acquirer.qemu.stream.StreamBuilder.LIST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ramtide.acquirer.qemu.GuestLayout;
import io.ramtide.acquirer.qemu.RamRegion;
import io.ramtide.acquirer.source.MemoryRange;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RamStreamTest {
  private static final GuestLayout LAYOUT =
      new GuestLayout(
          List.of(
              region(0, 4, "pc.ram", 0),
              region(0x10, 4, "pc.ram", 4),
              region(0x100, 2, "dimm0", 0)));

  @TempDir Path folder;

  enum Way {
    INDEX,
    SPOOL
  }

  @ParameterizedTest
  @EnumSource
  void pagesOfTwoBlocks_lieAtTheirAddresses(Way way) throws Exception {
    byte[] stream =
        blocks()
            .part(2)
            .page("pc.ram", 0, 1)
            .pageMore(FRAME, 2)
            .zeroMore(2 * FRAME)
            .zeroMore(3 * FRAME)
            .page("vga.vram", 0, 9)
            .page("dimm0", FRAME, 7)
            .zero("dimm0", 0)
            .page("pc.ram", 5 * FRAME, 6)
            .pageMore(4 * FRAME, 5)
            .zeroMore(6 * FRAME)
            .zeroMore(7 * FRAME)
            .end(2)
            .device()
            .bytes();

    try (RamImage image = read(way, stream)) {
      assertThat(image.data()).containsExactly(frames(0, 2), frames(0x10, 2), frames(0x101, 1));
      assertThat(image.missing()).isEmpty();
      assertThat(firsts(image, 0, 4)).containsExactly(1, 2, 0, 0);
      assertThat(firsts(image, 0x10, 4)).containsExactly(5, 6, 0, 0);
      assertThat(firsts(image, 0x100, 2)).containsExactly(0, 7);
    }
  }

  @ParameterizedTest
  @EnumSource
  void pageThatComesAgain_lastCopyWins(Way way) throws Exception {
    StreamBuilder stream = allZero().part(2).page("pc.ram", 0, 1).pageMore(FRAME, 2);
    for (int round = 3; round < 600; round++) {
      stream.pageMore(0, round % 100 + 1);
    }
    stream.zeroMore(FRAME).pageMore(2 * FRAME, 4).end(2).device();

    try (RamImage image = read(way, stream.bytes())) {
      assertThat(firsts(image, 0, 4)).containsExactly(599 % 100 + 1, 0, 4, 0);
    }
  }

  @Test
  void partOfAPage_isRead() throws Exception {
    byte[] stream =
        allZero().part(2).page("pc.ram", 0, 1).pageMore(FRAME, 2).end(2).device().bytes();

    try (RamImage image = read(Way.INDEX, stream)) {
      ByteBuffer target = ByteBuffer.allocate(20);
      image.read(FRAME - 10, target);
      byte[] expected = new byte[20];
      Arrays.fill(expected, 0, 10, (byte) 1);
      Arrays.fill(expected, 10, 20, (byte) 2);
      assertThat(target.array()).isEqualTo(expected);
    }
  }

  @Test
  void pageThatNeverCame_isMissingAndNotZero() throws Exception {
    StreamBuilder stream = blocks().part(2).zero("dimm0", 0).zeroMore(FRAME);
    for (int page = 0; page < 8; page++) {
      if (page != 5) {
        stream.zero("pc.ram", (long) page * FRAME);
      }
    }

    try (RamImage image = read(Way.INDEX, stream.end(2).device().bytes())) {
      assertThat(image.missing()).containsExactly(frames(0x11, 1));
      assertThat(image.data()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void truncatedAnywhere_saysWhereItEnds(Way way) {
    byte[] stream = allZero().part(2).page("pc.ram", 0, 1).end(2).device().bytes();
    int ramEnds = stream.length - "whatever".length() - 8;
    for (int length = 0; length < ramEnds; length += length < 400 ? 7 : 499) {
      refused(way, Arrays.copyOf(stream, length))
          .hasMessageContaining("could not be read: it ends at byte " + length);
    }
  }

  @Test
  void anyByteChanged_isReadOrRefusedButNeverWorse() {
    byte[] stream = allZero().part(2).page("pc.ram", 0, 1).end(2).device().bytes();
    for (int at = 0; at < stream.length; at += at < 400 ? 1 : 97) {
      byte[] changed = stream.clone();
      changed[at] ^= (byte) 0xff;
      try (RamImage image = read(Way.SPOOL, changed)) {
        assertThat(image.layout()).isEqualTo(LAYOUT);
      } catch (IOException e) {
        assertThat(e).hasMessageContaining("could not be read");
      }
    }
  }

  @Test
  void noStream_isRefused() {
    refused(new byte[100]).hasMessageContaining("does not begin with QEVM");
    refused(new StreamBuilder().u32(0x5145564d).u32(2).bytes())
        .hasMessageContaining("version 2, and only version 3 is supported");
    refused(StreamBuilder.of("pc").u8(0).bytes()).hasMessageContaining("holds no RAM");
  }

  @Test
  void blockList_isHeldToTheLayout() {
    refused(start().ram("pc.ram", 8 * FRAME, "dimm0", FRAME))
        .hasMessageContaining("has 4096 bytes of dimm0 where the guest's layout needs 8192");
    refused(start().ram("pc.ram", 8 * FRAME)).hasMessageContaining("no block dimm0");
    refused(start().ram("pc.ram", 8 * FRAME, "pc.ram", 8 * FRAME, "dimm0", 2 * FRAME))
        .hasMessageContaining("lists block pc.ram twice");
    refused(start().ram("pc.ram", 8 * FRAME, "dimm0", 1L << 40)).hasMessageContaining("far more");
    refused(start().ram("pc.ram", FRAME * 8 + 1)).hasMessageContaining("could not be read");
    refused(start().section(1, 2, "ram", 4).u64(FRAME | LIST).counted("pc\u0007\n").u64(0))
        .hasMessageContaining("block pc?? has 0x0 bytes");
    refused(start().section(1, 2, "ram", 4).u64(FRAME | LIST).counted("x").u64(-4096))
        .hasMessageContaining("block x has");
  }

  @Test
  void pageOutsideOfBlocks_isRefused() {
    refused(blocks().part(2).page("pc.ram", 8 * FRAME, 1))
        .hasMessageContaining("a page at 0x8000 of block pc.ram, which has 0x8000 bytes");
    refused(blocks().part(2).page("pc.ram", -FRAME, 1)).hasMessageContaining("a page at 0xf");
    refused(blocks().part(2).page("other", 0, 1)).hasMessageContaining("block other");
    refused(blocks().part(2).pageMore(0, 1)).hasMessageContaining("continues no block");
    refused(start().section(1, 2, "ram", 4).page("pc.ram", 0, 1)).hasMessageContaining("pc.ram");
  }

  @Test
  void whatIsNotUnderstood_isNamed() {
    refused(blocks().part(2).u64(0x40))
        .hasMessageContaining("flags 0x40")
        .hasMessageContaining("xbzrle");
    refused(blocks().part(9)).hasMessageContaining("continues that never began");
    refused(blocks().section(1, 5, "vfio", 1)).hasMessageContaining("the state of vfio");
    refused(start().section(4, 5, "virtio-mem-device-early", 1))
        .hasMessageContaining("virtio-mem-device-early comes before RAM");
    refused(blocks().u8(0x55)).hasMessageContaining("unknown type 0x55");
    refused(blocks().part(2).u64(StreamBuilder.ZERO).counted("pc.ram").u8(0xcc))
        .hasMessageContaining("filled with 0xcc");
    refused(
            start()
                .u8(5)
                .counted("configuration/capabilities")
                .u32(1)
                .u32(1)
                .counted("x-ignore-shared"))
        .hasMessageContaining("x-ignore-shared is on");
    refused(start().section(1, 2, "ram", 3)).hasMessageContaining("version 3");
    refused(StreamBuilder.of("x".repeat(5000))).hasMessageContaining("length 5000");
  }

  @Test
  void commandsAndKnownConfiguration_areSkipped() throws Exception {
    StreamBuilder stream = start();
    stream.u8(5).counted("configuration/target-page-bits").u32(1).u32(12);
    stream.u8(5).counted("configuration/uuid").u32(1).text("0123456789abcdef");
    stream.u8(8).u16(11).u16(3).text("abc");
    stream.ram("pc.ram", 8 * FRAME, "dimm0", 2 * FRAME).device();

    try (RamImage image = read(Way.SPOOL, stream.bytes())) {
      assertThat(image.missing()).hasSize(3);
    }
  }

  @Test
  void streamWithoutEnd_isGivenUp() {
    byte[] head = blocks().part(2).zero("pc.ram", 0).bytes();
    ReadableByteChannel endless =
        new ReadableByteChannel() {
          private final ByteBuffer next = ByteBuffer.allocate(1 << 16).put(head).flip();
          private final byte[] record = new StreamBuilder().zeroMore(0).bytes();

          @Override
          public int read(ByteBuffer target) {
            int length = Math.min(target.remaining(), next.remaining());
            target.put(next.slice(next.position(), length));
            next.position(next.position() + length);
            if (!next.hasRemaining()) {
              next.clear();
              while (next.remaining() >= record.length) {
                next.put(record);
              }
              next.flip();
            }
            return length;
          }

          @Override
          public boolean isOpen() {
            return true;
          }

          @Override
          public void close() {
            // Nothing is open.
          }
        };

    assertThatThrownBy(
            () -> RamStream.spool("the stream", endless, (type, blocks) -> LAYOUT, folder))
        .hasMessageContaining("longer than any stream of this guest");
  }

  @Test
  void nothingIsLeftInTheFolder() throws Exception {
    read(Way.SPOOL, allZero().part(2).page("pc.ram", 0, 1).end(2).device().bytes()).close();
    refused(Way.SPOOL, allZero().part(2).bytes());

    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left.filter(path -> !path.endsWith("stream"))).isEmpty();
    }
  }

  private static RamRegion region(long frame, long frames, String block, long blockFrame) {
    return new RamRegion(frames(frame, frames), block, blockFrame * FRAME, OptionalLong.empty());
  }

  private static MemoryRange frames(long first, long count) {
    return new MemoryRange(first * FRAME, count * FRAME);
  }

  private static StreamBuilder start() {
    return StreamBuilder.of("pc-i440fx-7.2");
  }

  private static StreamBuilder blocks() {
    return start().ram("pc.ram", 8 * FRAME, "vga.vram", 2 * FRAME, "dimm0", 2 * FRAME);
  }

  private static StreamBuilder allZero() {
    StreamBuilder stream = blocks().part(2);
    for (int page = 0; page < 8; page++) {
      stream.zero("pc.ram", (long) page * FRAME);
    }
    return stream.zero("dimm0", 0).zeroMore(FRAME).end(2);
  }

  private static int[] firsts(RamImage image, long frame, int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count * FRAME);
    image.read(frame * FRAME, bytes);
    int[] firsts = new int[count];
    for (int i = 0; i < count; i++) {
      firsts[i] = bytes.get(i * FRAME);
      assertThat(bytes.get(i * FRAME + FRAME - 1)).isEqualTo((byte) firsts[i]);
    }
    return firsts;
  }

  private RamImage read(Way way, byte[] stream) throws IOException {
    if (way == Way.SPOOL) {
      return RamStream.spool(
          "the stream",
          Channels.newChannel(new ByteArrayInputStream(stream)),
          (machine, blocks) -> LAYOUT,
          folder);
    }
    Path file = Files.write(folder.resolve("stream"), stream);
    return RamStream.index("the stream", FileChannel.open(file), 0, (machine, blocks) -> LAYOUT);
  }

  private AbstractThrowableAssert<?, ?> refused(StreamBuilder stream) {
    return refused(Way.SPOOL, stream.bytes());
  }

  private AbstractThrowableAssert<?, ?> refused(byte[] stream) {
    return refused(Way.SPOOL, stream);
  }

  private AbstractThrowableAssert<?, ?> refused(Way way, byte[] stream) {
    return assertThatThrownBy(() -> read(way, stream).close())
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("the stream: could not be read");
  }
}
