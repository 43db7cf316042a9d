package io.ramtide.testkit;

import io.ramtide.testkit.ram.FrameAllocator;
import io.ramtide.testkit.ram.GuestRam;
import io.ramtide.testkit.ram.RamRange;
import io.ramtide.testkit.ram.WritableRam;
import io.ramtide.testkit.x64.AddressSpace;
import io.ramtide.testkit.x64.PageTables;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** RAM in which no Windows is to be found. */
public final class NotWindows {

  private static final List<RamRange> RAM =
      List.of(new RamRange(0, 0xa0000), new RamRange(0x100000, 0x3f00000));
  private static final long KERNEL_TEXT = 0xffffffff80000000L;
  private static final long DIRECT_MAP = 0xffff888000000000L;
  private static final long LOAD_ADDRESS = 0x1000000L;
  private static final int LARGE_PAGE = 2 << 20;
  private static final String BANNER =
      "Linux version 6.1.0-18-amd64 (gcc-12 (Debian 12.2.0-14) 12.2.0, GNU ld 2.40) "
          + "#1 SMP PREEMPT_DYNAMIC Debian 6.1.76-1\n\0";

  private NotWindows() {}

  /** A Linux guest: kernel text at ffffffff80000000, direct map, banner, tasks, some programs. */
  public static GuestRam linux(long seed) {
    Random random = new Random(seed);
    WritableRam ram = new WritableRam(RAM);
    FrameAllocator frames = new FrameAllocator(ram, random);
    frames.reserve(LOAD_ADDRESS, 4L * LARGE_PAGE);
    PageTables tables = new PageTables(ram, frames);
    long root = LOAD_ADDRESS + 3L * LARGE_PAGE + 0x10000;
    AddressSpace kernel = new AddressSpace(ram, tables, root);
    for (int i = 0; i < 4; i++) {
      long at = LOAD_ADDRESS + (long) i * LARGE_PAGE;
      tables.mapLarge(root, KERNEL_TEXT + at, at, PageTables.KERNEL_IMAGE);
    }
    for (long at = 0; at < 64L << 20; at += LARGE_PAGE) {
      tables.mapLarge(root, DIRECT_MAP + at, at, PageTables.KERNEL_IMAGE);
    }
    byte[] code = new byte[64 << 12];
    random.nextBytes(code);
    kernel.put(KERNEL_TEXT + LOAD_ADDRESS, code);
    long data = KERNEL_TEXT + LOAD_ADDRESS + LARGE_PAGE;
    kernel.put(data + 0x1e0, BANNER.getBytes(StandardCharsets.US_ASCII));
    kernel.put(data + 0x2c00, "swapper/0\0".getBytes(StandardCharsets.US_ASCII));
    for (int task = 0; task < 24; task++) {
      long frame = frames.allocate();
      byte[] noise = new byte[2400];
      random.nextBytes(noise);
      ram.put(frame, noise);
      ram.put(frame + 0xb40, ("kworker/" + task + "\0").getBytes(StandardCharsets.US_ASCII));
      long program = frames.allocate();
      ram.put(program, new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0});
    }
    return ram.snapshot();
  }

  /** Random bytes in every frame of 16 MiB. */
  public static GuestRam noise(long seed) {
    Random random = new Random(seed);
    WritableRam ram = new WritableRam(List.of(new RamRange(0, 16L << 20)));
    byte[] block = new byte[1 << 20];
    for (int i = 0; i < 16; i++) {
      random.nextBytes(block);
      ram.put((long) i << 20, block);
    }
    return ram.snapshot();
  }

  /** 16 MiB of zeroes, as a guest that never started. */
  public static GuestRam empty() {
    return new WritableRam(List.of(new RamRange(0, 16L << 20))).snapshot();
  }
}
