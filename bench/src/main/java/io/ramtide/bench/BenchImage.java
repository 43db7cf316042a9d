package io.ramtide.bench;

import io.ramtide.testkit.SimulatedGuest;
import io.ramtide.testkit.ram.GuestRam;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;

/** A raw dump of a busy simulated Windows 7 guest whose free RAM is filled with random pages. */
final class BenchImage {
  private static final int FRAME = 4096;

  /** With these, as many things are to be found as on a workstation in use: some 16,000. */
  private static final int PROGRAMS = 300;

  private static final int SYSTEM_PID = 4;

  private BenchImage() {}

  /**
   * Writes the dump.
   *
   * @param bytes of RAM, half of it random and half zero, but for the guest itself
   */
  static void write(Path file, long bytes) throws IOException {
    SimulatedGuest guest = SimulatedGuest.windows7(1).ram(bytes).boot();
    for (int i = 0; i < PROGRAMS; i++) {
      guest.start("svchost.exe", SYSTEM_PID);
    }
    GuestRam ram = guest.snapshot();
    ram.writeRaw(file);
    long[] used = ram.frames();
    Arrays.sort(used);
    Random random = new Random(1);
    byte[] page = new byte[FRAME];
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      // Runs of 64 pages, as memory has them: buffers, files, free lists.
      for (long frame = 0; frame < bytes / FRAME; frame++) {
        boolean full = frame / 64 % 2 == 0;
        if (full && Arrays.binarySearch(used, frame) < 0) {
          random.nextBytes(page);
          channel.write(ByteBuffer.wrap(page), frame * FRAME);
        }
      }
    }
  }
}
