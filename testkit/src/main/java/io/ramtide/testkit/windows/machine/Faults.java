package io.ramtide.testkit.windows.machine;

import io.ramtide.testkit.windows.KernelSpace;
import io.ramtide.testkit.windows.Struct;
import io.ramtide.testkit.windows.image.KernelImage;
import io.ramtide.testkit.windows.process.SimProcess;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** Ways to break a machine's memory, for tests of what reads it. */
public final class Faults {

  private static final long GARBAGE_ROOT = 0x00de_adbe_ef12_3000L;

  private final Machine machine;
  private final KernelSpace space;

  public Faults(Machine machine) {
    this.machine = machine;
    this.space = machine.space();
  }

  /** Makes the middle of the active list point at itself. */
  public void loopActiveList() {
    long middle = middleLinks();
    space.kernel.putLong(middle, middle);
  }

  /** Makes the middle of the active list point at an address. */
  public void pointActiveListAt(long va) {
    space.kernel.putLong(middleLinks(), va);
  }

  /** A canonical kernel address that no page table maps. */
  public long unmappedKernelVa() {
    return space.nonPagedPool + 0x3f_ffff_f188L;
  }

  /** Writes a page table root that is no address of this guest's RAM. */
  public void spoilDirectoryTableBase(SimProcess process) {
    space.struct("_KPROCESS", process.objectVa()).u64("DirectoryTableBase", GARBAGE_ROOT);
  }

  /** Gives the kernel a PDB GUID that no symbol table has. */
  public void replacePdbGuid(String guid) {
    space.kernel.put(machine.image().guidVa(), KernelImage.guid(guid));
  }

  /** Changes the build number everywhere the kernel keeps it. */
  public void replaceBuild(int build) {
    space.struct("_DBGKD_GET_VERSION64", space.symbol("KdVersionBlock")).u16("MinorVersion", build);
    space.kernel.putInt(space.symbol("NtBuildNumber"), 0xf0000000 | build);
    byte[] lab = (build + ".1.amd64fre.unknown.260101-0000\0").getBytes(StandardCharsets.US_ASCII);
    space.kernel.put(space.symbol("NtBuildLab"), lab);
    Struct shared = space.struct("_KUSER_SHARED_DATA", KernelSpace.SHARED_USER_DATA);
    if (shared.has("NtBuildNumber")) {
      shared.u32("NtBuildNumber", build);
    }
  }

  /** Loses the page with the kernel's MZ header: it reads as zero. */
  public void dropKernelHeader() {
    space.ram.clearFrame(space.kernel.translate(space.imageVa));
  }

  /** Writes bytes, at most 15, as a process's image name. */
  public void rename(SimProcess process, byte[] name) {
    machine.table().rename(process, name);
  }

  /** Overwrites the frame that holds a kernel address with noise, as a page caught in a change. */
  public void smear(long va, long seed) {
    byte[] noise = new byte[4096];
    new Random(seed).nextBytes(noise);
    space.ram.put(space.kernel.translate(va) & -4096L, noise);
  }

  private long middleLinks() {
    List<SimProcess> active =
        machine.processes().stream().filter(SimProcess::onActiveList).toList();
    long object = active.get(active.size() / 2).objectVa();
    return space.struct("_EPROCESS", object).address("ActiveProcessLinks");
  }
}
