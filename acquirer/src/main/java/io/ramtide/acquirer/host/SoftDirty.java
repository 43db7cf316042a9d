package io.ramtide.acquirer.host;

import com.sun.jna.LastErrorException;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * The kernel's note of which pages of a process were written, bit 55 of its pagemap. Many kernels
 * are built without it and yet take the order to clear it: only an experiment tells.
 */
public final class SoftDirty {
  private static final int PAGE = 4096;
  private static final byte[] CLEAR = "4\n".getBytes(StandardCharsets.US_ASCII);

  /** Through these, devices write to memory behind the process's back. */
  private static final List<String> DEVICES =
      List.of("/dev/vfio", "/dev/vhost-vdpa", "/dev/iommu", "/dev/infiniband");

  private SoftDirty() {}

  /** Tried once. */
  private static final class Here {
    static final boolean WORKS = experiment();
  }

  /**
   * Clears the note of all pages of a process; takes the user it runs as, or CAP_DAC_OVERRIDE. The
   * process runs on; its next write to each page is slower by a fault.
   */
  public static void clear(HostProcess process) throws IOException {
    try {
      Files.write(process.proc("clear_refs"), CLEAR, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw process.explain(e);
    }
  }

  /** Whether this host's kernel keeps the note, found out on memory of this process. */
  public static boolean works() {
    return Here.WORKS;
  }

  /** Whether a process has devices that write to its memory without a note. */
  public static boolean isEvadedBy(HostProcess process) throws IOException {
    try (DirectoryStream<Path> links = Files.newDirectoryStream(process.proc("fd"))) {
      for (Path link : links) {
        if (leadsToDevice(link)) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      throw process.explain(e);
    }
  }

  private static boolean leadsToDevice(Path link) {
    try {
      String target = Files.readSymbolicLink(link).toString();
      return DEVICES.stream().anyMatch(target::startsWith);
    } catch (IOException e) {
      return false; // It was closed meanwhile.
    }
  }

  /** One page is left alone, one is written, and one is dropped and read. */
  private static boolean experiment() {
    try {
      int flags = LibC.MAP_PRIVATE | LibC.MAP_ANONYMOUS;
      long memory = LibC.mmap(0, 3 * PAGE, LibC.PROT_READ | LibC.PROT_WRITE, flags, -1, 0);
      try {
        Pointer pages = new Pointer(memory);
        pages.setMemory(0, 3 * PAGE, (byte) 1);
        HostProcess self = HostProcess.of(ProcessHandle.current().pid());
        clear(self);
        pages.setByte(PAGE, (byte) 2);
        LibC.madvise(memory + 2 * PAGE, PAGE, LibC.MADV_DONTNEED);
        pages.getByte(2 * PAGE);
        try (Pagemap pagemap = Pagemap.of(self)) {
          List<Pagemap.Pages> alone = List.of(new Pagemap.Pages(memory, memory + PAGE));
          return pagemap.unwritten(memory, memory + 3 * PAGE, 3).equals(alone);
        }
      } finally {
        LibC.munmap(memory, 3 * PAGE);
      }
    } catch (IOException | LastErrorException | LinkageError e) {
      return false;
    }
  }
}
