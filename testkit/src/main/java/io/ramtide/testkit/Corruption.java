package io.ramtide.testkit;

import io.ramtide.testkit.windows.machine.Machine;
import java.util.function.Consumer;

/**
 * A way to break a guest's memory, applied with {@link SimulatedGuest#corrupt}. {@link
 * SimulatedGuest#truth} goes on to tell what was true before, but for names and identity.
 */
public final class Corruption {

  private final Consumer<Machine> change;

  private Corruption(Consumer<Machine> change) {
    this.change = change;
  }

  /** The active process list points at itself half-way. */
  public static Corruption activeListLoop() {
    return new Corruption(machine -> machine.faults().loopActiveList());
  }

  /** The active process list leads into user space half-way. */
  public static Corruption activeListIntoUserSpace() {
    return new Corruption(machine -> machine.faults().pointActiveListAt(0x7ff0_1188L));
  }

  /** The active process list leads to a kernel page that is not mapped half-way. */
  public static Corruption activeListToUnmappedPage() {
    return new Corruption(
        machine -> machine.faults().pointActiveListAt(machine.faults().unmappedKernelVa()));
  }

  /** A process object names a page table root outside RAM. */
  public static Corruption garbageDirectoryTableBase(int pid) {
    return new Corruption(machine -> machine.faults().spoilDirectoryTableBase(machine.find(pid)));
  }

  /** The kernel's PDB GUID is one that no symbol table has. */
  public static Corruption unknownPdbGuid() {
    return new Corruption(machine -> machine.identify(UNKNOWN_GUID, machine.build()));
  }

  /** The kernel is of a build, and has a PDB GUID, that nobody knows. */
  public static Corruption unknownBuild(int build) {
    return new Corruption(machine -> machine.identify(UNKNOWN_GUID, build));
  }

  /** The page with the kernel's MZ header reads as zero. */
  public static Corruption kernelHeaderMissing() {
    return new Corruption(machine -> machine.faults().dropKernelHeader());
  }

  /** A process has these bytes, at most 15, as its image name, control characters and all. */
  public static Corruption imageName(int pid, byte[] name) {
    return new Corruption(machine -> machine.faults().rename(machine.find(pid), name));
  }

  /** The frame with the process object holds noise, as if caught in the middle of a change. */
  public static Corruption smearedObject(int pid) {
    return new Corruption(machine -> machine.faults().smear(machine.find(pid).objectVa(), pid));
  }

  private static final String UNKNOWN_GUID = "5EED5EED5EED5EED5EED5EED5EED5EED";

  void apply(Machine machine) {
    change.accept(machine);
  }
}
