package io.ramtide.acquirer.live.memory;

import io.ramtide.acquirer.host.FileExtent;
import io.ramtide.acquirer.host.MappedArea.FileId;
import io.ramtide.acquirer.host.SharedFile;
import io.ramtide.acquirer.host.SharedFiles;
import io.ramtide.acquirer.host.SharedMapping;
import io.ramtide.acquirer.live.LiveGuest;
import io.ramtide.acquirer.live.MethodUnavailableException;
import io.ramtide.acquirer.source.MemoryRange;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The files that a guest's RAM is in, open and mapped from capture to capture. */
final class SharedRam implements Closeable {
  private final List<RamPart> parts;
  private final Map<FileId, Held> files = new HashMap<>();

  /** An open file, mapped if that is safe. */
  private record Held(SharedFile file, Optional<SharedMapping> mapping) {}

  private SharedRam(List<RamPart> parts) {
    this.parts = parts;
  }

  static SharedRam of(LiveGuest guest, GuestState state) throws IOException {
    List<RamPart> parts = RamPart.of(guest, state);
    for (RamPart part : parts) {
      requireShared(guest, part);
    }
    SharedRam ram = new SharedRam(parts);
    try {
      SharedFiles links = SharedFiles.of(state.process());
      for (RamPart part : parts) {
        ram.hold(links, part);
      }
      return ram;
    } catch (IOException | RuntimeException e) {
      ram.close();
      throw e;
    }
  }

  private static void requireShared(LiveGuest guest, RamPart part)
      throws MethodUnavailableException {
    if (!part.area().shared()) {
      throw new MethodUnavailableException(
          ("%s: its RAM at GPA 0x%x is private memory of the QEMU process (%s), which no file"
                  + " shows; use the method process, or give the domain <memoryBacking><source"
                  + " type='memfd'/><access mode='shared'/></memoryBacking>")
              .formatted(
                  guest.name(),
                  part.range().gpa(),
                  part.area().hasFile() ? "a file mapped with share=off" : "anonymous"),
          null);
    }
  }

  private void hold(SharedFiles links, RamPart part) throws IOException {
    if (files.containsKey(part.area().file())) {
      return;
    }
    SharedFile file = links.open(part.area());
    try {
      Optional<SharedMapping> mapping =
          file.isSafeToMap() ? Optional.of(file.map(end(part.area().file()))) : Optional.empty();
      files.put(part.area().file(), new Held(file, mapping));
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /** The offset in a file after the last byte of RAM. */
  private long end(FileId file) {
    return parts.stream()
        .filter(part -> part.area().file().equals(file))
        .mapToLong(part -> part.fileOffset() + part.range().length())
        .max()
        .orElseThrow();
  }

  /** Whether the RAM is where it was. */
  boolean holds(List<RamPart> now) {
    return parts.equals(now);
  }

  List<RamPart> parts() {
    return parts;
  }

  SharedFile file(RamPart part) {
    return files.get(part.area().file()).file();
  }

  /** Whether all of it can be looked at without copying. */
  boolean isMapped() {
    return files.values().stream().allMatch(held -> held.mapping().isPresent());
  }

  Optional<SharedMapping> mapping(RamPart part) {
    return files.get(part.area().file()).mapping();
  }

  /** What of the RAM is no hole now. */
  List<MemoryRange> data() throws IOException {
    List<MemoryRange> data = new ArrayList<>();
    for (RamPart part : parts) {
      long from = part.fileOffset();
      requireWhole(part);
      List<MemoryRange> pieces = new ArrayList<>();
      for (FileExtent extent :
          file(part).data(from, from + part.range().length(), HeldFrames.MOST_PIECES)) {
        part.addPiece(extent.start() - from, extent.end() - from, pieces);
      }
      data.addAll(pieces);
    }
    return data;
  }

  /**
   * Makes sure that the file still reaches to the end of the part: behind its end there are no
   * holes, but nothing.
   */
  private void requireWhole(RamPart part) throws IOException {
    long end = part.fileOffset() + part.range().length();
    long size = file(part).size();
    if (size < end) {
      throw new IOException(
          ("the file %s that holds RAM at GPA 0x%x was cut to %d bytes, and RAM reaches to %d in"
                  + " it: something other than QEMU changes it, or QEMU is not sane")
              .formatted(part.area().file(), part.range().gpa(), size, end));
    }
  }

  @Override
  public void close() throws IOException {
    for (Held held : files.values()) {
      held.file().close();
      if (held.mapping().isPresent()) {
        held.mapping().get().close();
      }
    }
    files.clear();
  }
}
