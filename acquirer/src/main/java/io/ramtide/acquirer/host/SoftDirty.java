package io.ramtide.acquirer.host;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;

/**
 * The kernel's note of which pages of a process were written, bit 55 of its pagemap. Many kernels
 * are built without it and yet take the order to clear it: only an experiment tells.
 */
public final class SoftDirty {
  private static final int PAGE = 4096;

  /** So many bytes come in pages that nothing else is in. */
  private static final long OWN_PAGES = 1 << 20;

  private static final byte[] CLEAR = "4\n".getBytes(StandardCharsets.US_ASCII);

  private SoftDirty() {}

  /**
   * Clears the note of all pages of a process; takes its owner or CAP_DAC_OVERRIDE. The process
   * runs on, its next write to every page is slower by a fault.
   */
  public static void clear(HostProcess process) throws IOException {
    try {
      Files.write(process.proc("clear_refs"), CLEAR, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw process.explain(e);
    }
  }

  /** Whether it works here, tried on two pages of this process of which one is written. */
  public static boolean works() {
    try (Memory memory = new Memory(OWN_PAGES)) {
      HostProcess self = HostProcess.of(ProcessHandle.current().pid());
      Pointer pages = memory.align(PAGE);
      long address = Pointer.nativeValue(pages);
      pages.setByte(0, (byte) 1);
      pages.setByte(PAGE, (byte) 1);
      clear(self);
      pages.setByte(PAGE, (byte) 2);
      try (Pagemap pagemap = Pagemap.of(self)) {
        boolean unwritten = pagemap.written(address, address + PAGE, 1).isEmpty();
        boolean written = !pagemap.written(address + PAGE, address + 2 * PAGE, 1).isEmpty();
        return unwritten && written;
      }
    } catch (IOException | LinkageError e) {
      return false;
    }
  }
}
