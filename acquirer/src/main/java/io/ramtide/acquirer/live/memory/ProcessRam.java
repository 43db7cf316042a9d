package io.ramtide.acquirer.live.memory;

import io.ramtide.acquirer.host.AccessRefusedException;
import io.ramtide.acquirer.host.FileExtent;
import io.ramtide.acquirer.host.MappedArea.FileId;
import io.ramtide.acquirer.host.Pagemap;
import io.ramtide.acquirer.host.Pagemap.Pages;
import io.ramtide.acquirer.host.SharedFile;
import io.ramtide.acquirer.host.SharedFiles;
import io.ramtide.acquirer.live.LiveGuest;
import io.ramtide.acquirer.source.ChangeHint;
import io.ramtide.acquirer.source.MemoryRange;
import io.ramtide.acquirer.source.Ranges;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.LoggerFactory;

/** What of a guest's RAM the hypervisor's process holds: its own pages, and those of its files. */
final class ProcessRam implements Closeable {
  private final List<RamPart> parts;
  private final Pagemap pagemap;

  /** Empty for a file that may not be opened. */
  private final Map<FileId, Optional<SharedFile>> files = new HashMap<>();

  private Optional<WriteTracker> writes = Optional.empty();
  private final Set<String> warnings = new LinkedHashSet<>();

  private ProcessRam(List<RamPart> parts, Pagemap pagemap) {
    this.parts = parts;
    this.pagemap = pagemap;
  }

  static ProcessRam of(LiveGuest guest, GuestState state) throws IOException {
    ProcessRam ram = new ProcessRam(RamPart.of(guest, state), Pagemap.of(state.process()));
    try {
      ram.writes = WriteTracker.of(state.process(), ram.pagemap);
      SharedFiles links = SharedFiles.of(state.process());
      for (RamPart part : ram.parts) {
        if (part.area().hasFile() && !ram.files.containsKey(part.area().file())) {
          ram.files.put(part.area().file(), ram.open(links, part));
        }
      }
      return ram;
    } catch (IOException | RuntimeException e) {
      ram.close();
      throw e;
    }
  }

  private Optional<SharedFile> open(SharedFiles links, RamPart part) throws IOException {
    try {
      return Optional.of(links.open(part.area()));
    } catch (AccessRefusedException e) {
      warnings.add(
          e.getMessage() + "; its holes cannot be told, and reading them takes memory on the host");
      return Optional.empty();
    }
  }

  List<RamPart> parts() {
    return parts;
  }

  /** What was not written since the capture before, if the kernel tells; asked before reading. */
  Optional<ChangeHint> changeHint() throws IOException {
    if (writes.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(writes.get().next(parts));
    } catch (AccessRefusedException e) {
      LoggerFactory.getLogger(ProcessRam.class).debug("writes cannot be tracked", e);
      writes = Optional.empty();
      return Optional.empty();
    }
  }

  List<String> warnings() {
    return List.copyOf(warnings);
  }

  /** Whether the RAM is where it was. */
  boolean holds(List<RamPart> now) {
    return parts.equals(now);
  }

  /**
   * What the host holds memory for, or a file of the guest's RAM holds bytes for.
   *
   * @param lost what is left out, for it cannot be read
   */
  List<MemoryRange> data(List<MemoryRange> lost) throws IOException {
    List<MemoryRange> data = new ArrayList<>();
    for (RamPart part : parts) {
      List<FileExtent> held = new ArrayList<>(inFile(part));
      if (!part.area().shared()) {
        held.addAll(inProcess(part));
        held.sort((a, b) -> Long.compare(a.start(), b.start()));
      }
      List<MemoryRange> pieces = new ArrayList<>();
      for (FileExtent piece : held) {
        part.addPiece(piece.start(), piece.end(), pieces);
      }
      data.addAll(lost.isEmpty() ? pieces : Ranges.minus(pieces, lost));
    }
    return data;
  }

  /** By offsets from the part's first byte, as {@link #inFile}. */
  private List<FileExtent> inProcess(RamPart part) throws IOException {
    long end = part.hva() + part.range().length();
    List<FileExtent> held = new ArrayList<>();
    for (Pages pages : pagemap.populated(part.hva(), end, HeldFrames.MOST_PIECES)) {
      held.add(new FileExtent(pages.start() - part.hva(), pages.end() - part.hva()));
    }
    return held;
  }

  /**
   * Shared pages may be another process's work or swapped out, which the pagemap does not show; and
   * private ones that were never written are those of the file.
   */
  private List<FileExtent> inFile(RamPart part) throws IOException {
    if (!part.area().hasFile()) {
      return List.of();
    }
    Optional<SharedFile> file = files.get(part.area().file());
    if (file.isEmpty()) {
      return List.of(new FileExtent(0, part.range().length()));
    }
    if (file.get().hasHugePages() && !part.area().shared()) {
      return List.of(); // Linux tells no holes of it, and private huge pages are never in the file.
    }
    long from = part.fileOffset();
    List<FileExtent> held = new ArrayList<>();
    for (FileExtent extent :
        file.get().data(from, from + part.range().length(), HeldFrames.MOST_PIECES)) {
      held.add(new FileExtent(extent.start() - from, extent.end() - from));
    }
    return held;
  }

  @Override
  public void close() throws IOException {
    try (pagemap) {
      for (Optional<SharedFile> file : files.values()) {
        if (file.isPresent()) {
          file.get().close();
        }
      }
    }
    files.clear();
  }
}
