package io.ramtide.testkit.lab;

import com.fasterxml.jackson.databind.JsonNode;
import io.ramtide.testkit.ram.RamRange;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds a guest's RAM: which addresses by the kind of machine, where on the host by asking QEMU.
 */
final class LabRamFinder {

  private static final long GIB = 1L << 30;
  private static final Pattern HVA = Pattern.compile(" is 0x([0-9a-f]+)");

  /** E.g. {@code 7f00-7f40 rw-s 00001000 00:01 42 /memfd:pc.ram (deleted)}. */
  private static final Pattern MAPPING =
      Pattern.compile("([0-9a-f]+)-([0-9a-f]+) ...([ps]) ([0-9a-f]+) \\S+ (\\d+).*");

  private final LabGuest guest;
  private final GuestConfig config;

  LabRamFinder(LabGuest guest, GuestConfig config) {
    this.guest = guest;
    this.config = config;
  }

  LabRam find() throws IOException {
    List<LabRam.Piece> pieces = new ArrayList<>();
    for (RamRange range : ranges()) {
      pieces.add(locate(range));
    }
    return new LabRam(List.copyOf(pieces));
  }

  private List<RamRange> ranges() throws IOException {
    List<RamRange> ranges = new ArrayList<>();
    long below = belowHole();
    long node = config.ramBytes() / Math.max(1, config.numaNodes());
    long offset = 0;
    while (offset < config.ramBytes()) {
      long end = Math.min(config.ramBytes(), (offset / node + 1) * node);
      if (offset < below) {
        end = Math.min(end, below);
      }
      ranges.add(new RamRange(offset < below ? offset : offset - below + 4 * GIB, end - offset));
      offset = end;
    }
    for (JsonNode dimm : guest.query("query-memory-devices")) {
      JsonNode data = dimm.path("data");
      ranges.add(new RamRange(data.path("addr").asLong(), data.path("size").asLong()));
    }
    return ranges;
  }

  /** How much RAM lies below the hole for devices; the rest lies from 4 GiB. */
  private long belowHole() {
    boolean q35 = config.machine().equals("q35");
    long most = q35 ? 0xb0000000L : 0xe0000000L;
    return config.ramBytes() < most ? config.ramBytes() : q35 ? 2 * GIB : 3 * GIB;
  }

  private LabRam.Piece locate(RamRange range) throws IOException {
    long hva = hva(range.start());
    if (hva(range.end() - 1) != hva + range.length() - 1) {
      throw new IOException("RAM from %#x is not in one piece".formatted(range.start()));
    }
    Path process = Path.of("/proc", Long.toString(guest.pid()));
    for (String line : Files.readAllLines(process.resolve("maps"))) {
      Matcher mapping = MAPPING.matcher(line);
      if (mapping.matches()
          && mapping.group(3).equals("s")
          && Long.compareUnsigned(Long.parseUnsignedLong(mapping.group(1), 16), hva) <= 0
          && Long.compareUnsigned(Long.parseUnsignedLong(mapping.group(2), 16), hva) > 0) {
        long start = Long.parseUnsignedLong(mapping.group(1), 16);
        long position = Long.parseUnsignedLong(mapping.group(4), 16) + hva - start;
        return new LabRam.Piece(
            range, descriptor(process, Long.parseLong(mapping.group(5))), position);
      }
    }
    return new LabRam.Piece(range, process.resolve("mem"), hva);
  }

  private long hva(long gpa) throws IOException {
    String answer = guest.hmp("gpa2hva 0x%x".formatted(gpa));
    Matcher hva = HVA.matcher(answer);
    if (!hva.find()) {
      throw new IOException("gpa2hva %#x: %s".formatted(gpa, answer));
    }
    return Long.parseUnsignedLong(hva.group(1), 16);
  }

  private static Path descriptor(Path process, long inode) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path file : files) {
        if (Files.exists(file) && Files.getAttribute(file, "unix:ino").equals(inode)) {
          return file;
        }
      }
    }
    throw new IOException("no file descriptor of " + process + " has inode " + inode);
  }
}
