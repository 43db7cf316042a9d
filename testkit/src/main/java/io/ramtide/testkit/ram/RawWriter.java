package io.ramtide.testkit.ram;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Raw image: file offset = guest-physical address. */
final class RawWriter {

  private RawWriter() {}

  static void write(GuestRam ram, Path file) throws IOException {
    List<RamRange> ranges = ram.ram();
    long end = ranges.get(ranges.size() - 1).end();
    try (DumpFile dump = new DumpFile(file)) {
      dump.writeMemory(0, ram, 0, end);
      dump.setLength(end);
    }
  }
}
