package io.ramtide.testkit.lab;

import io.ramtide.testkit.ProcessTruth;
import io.ramtide.testkit.SimulatedGuest;
import io.ramtide.testkit.ram.GuestRam;
import io.ramtide.testkit.ram.RamRange;
import io.ramtide.testkit.ram.RamWrite;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * A simulated Windows in the RAM of a running virtual machine. What the simulation writes to its
 * own RAM is written to the machine's, too, on demand: write by write, in the same order. The
 * machine's program runs on in its pages below 2 MiB, where the simulation has none.
 */
public final class WindowsInGuest {

  private static final int FRAME = 4096;
  private static final int BLOCK = 256 * FRAME;

  private final LabGuest guest;
  private final SimulatedGuest windows;

  private WindowsInGuest(LabGuest guest, SimulatedGuest windows) {
    this.guest = guest;
    this.windows = windows;
  }

  /**
   * Makes RAM of a machine that of a simulated Windows, but for the pages of the program.
   *
   * @param windows whose RAM is all that the machine has, or a part of it
   */
  public static WindowsInGuest install(LabGuest guest, SimulatedGuest windows) throws IOException {
    windows.takeWrites();
    GuestRam ram = windows.snapshot();
    List<RamRange> machine = guest.ram().ranges();
    if (!ram.ram().stream().allMatch(range -> isIn(range, machine))) {
      throw new IllegalArgumentException(
          "the machine has RAM at %s, the simulation at %s".formatted(machine, ram.ram()));
    }
    for (RamRange range : ram.ram()) {
      for (long at = range.start(); at < range.end(); at += BLOCK) {
        replace(guest.ram(), ram, at, (int) Math.min(BLOCK, range.end() - at));
      }
    }
    guest.cr3(windows.truth().directoryTableBase());
    return new WindowsInGuest(guest, windows);
  }

  private static boolean isIn(RamRange part, List<RamRange> ranges) {
    return ranges.stream()
        .anyMatch(range -> range.start() <= part.start() && part.end() <= range.end());
  }

  /** Writes only frames that differ: a hole of shared RAM stays one. */
  private static void replace(LabRam live, GuestRam ram, long gpa, int length) throws IOException {
    byte[] is = live.read(gpa, length);
    byte[] shall = ram.read(gpa, length);
    for (int at = 0; at < length; at += FRAME) {
      boolean same = Arrays.equals(is, at, at + FRAME, shall, at, at + FRAME);
      if (!same && !isProgram(gpa + at)) {
        live.write(gpa + at, Arrays.copyOfRange(shall, at, at + FRAME));
      }
    }
  }

  /**
   * Makes all RAM zero but for the pages of the program, as if another system were loaded. The page
   * of the System process goes first, so that no capture takes what is left for a whole Windows.
   */
  public void erase(LabGuest guest) throws IOException {
    guest.cr3(0);
    ProcessTruth system =
        windows.truth().processes().stream()
            .filter(process -> process.pid() == 4)
            .findFirst()
            .orElseThrow();
    guest.ram().write(system.objectGpa() / FRAME * FRAME, new byte[FRAME]);
    for (RamRange range : guest.ram().ranges()) {
      for (long at = range.start(); at < range.end(); at += FRAME) {
        if (!isProgram(at) && !isZero(guest.ram().read(at, FRAME))) {
          guest.ram().write(at, new byte[FRAME]);
        }
      }
    }
  }

  private static boolean isZero(byte[] frame) {
    return Arrays.equals(frame, new byte[FRAME]);
  }

  private static boolean isProgram(long gpa) {
    return gpa >= GuestProgram.START && gpa < GuestProgram.END;
  }

  /** The simulation, to be changed. */
  public SimulatedGuest windows() {
    return windows;
  }

  /** Brings what the simulation wrote since the last call to the machine, as fast as can be. */
  public void catchUp() throws IOException {
    catchUp((done, all) -> {});
  }

  /** The same, and lets something happen before each write. */
  public void catchUp(Pace pace) throws IOException {
    List<RamWrite> writes = windows.takeWrites();
    for (int i = 0; i < writes.size(); i++) {
      RamWrite write = writes.get(i);
      if (isProgram(write.gpa())) {
        throw new IllegalStateException("the simulation wrote at %#x".formatted(write.gpa()));
      }
      pace.before(i, writes.size());
      guest.ram().write(write.gpa(), write.bytes());
    }
  }

  /** What happens between the writes of a simulation. */
  @FunctionalInterface
  public interface Pace {
    /**
     * @param done writes that the machine has already
     * @param all writes there are
     */
    void before(int done, int all) throws IOException;
  }
}
