package io.ramtide.testkit.windows.object;

import io.ramtide.testkit.truth.MutexTruth;
import io.ramtide.testkit.windows.KernelSpace;
import io.ramtide.testkit.windows.Links;
import io.ramtide.testkit.windows.Struct;
import java.util.ArrayList;
import java.util.List;

/** KMUTANTs. An owned one has SignalState 0 and is on its owner's list. */
public final class Mutexes {

  private static final int MUTANT = 2; // DISPATCHER_HEADER.Type

  private final KernelSpace space;
  private final ObjectManager objects;
  private final Namespace names;
  private final List<MutexTruth> made = new ArrayList<>();

  public Mutexes(KernelSpace space, ObjectManager objects, Namespace names) {
    this.space = space;
    this.objects = objects;
    this.names = names;
  }

  /**
   * A mutex in a directory.
   *
   * @param owner VA of the ETHREAD that owns it; 0: nobody
   */
  public KernelObject create(
      String directory, String name, long owner, int ownerPid, int ownerTid) {
    KernelObject mutex = names.create("Mutant", space.facts.size("_KMUTANT"), directory, name);
    return finish(mutex, name, owner, ownerPid, ownerTid, false);
  }

  /** A mutex without a name that nobody owns. */
  public KernelObject createUnnamed() {
    KernelObject mutex = objects.create("Mutant", space.facts.size("_KMUTANT"));
    return finish(mutex, "", 0, 0, 0, false);
  }

  /** A mutex whose owner ended. */
  public KernelObject createAbandoned(String directory, String name) {
    KernelObject mutex = names.create("Mutant", space.facts.size("_KMUTANT"), directory, name);
    return finish(mutex, name, 0, 0, 0, true);
  }

  private KernelObject finish(
      KernelObject mutex, String name, long owner, int pid, int tid, boolean abandoned) {
    space.kernel.putByte(mutex.va(), MUTANT);
    space.kernel.putByte(mutex.va() + 2, space.facts.size("_KMUTANT") / 4);
    space.kernel.putInt(mutex.va() + 4, owner == 0 ? 1 : 0);
    Links links = new Links(space.kernel);
    links.init(mutex.va() + 8);
    Struct body =
        space
            .struct("_KMUTANT", mutex.va())
            .u64("OwnerThread", owner)
            .u8("Abandoned", abandoned ? 1 : 0)
            .list("MutantListEntry");
    if (owner != 0) {
      links.insertTail(
          space.struct("_KTHREAD", owner).address("MutantListHead"),
          body.address("MutantListEntry"));
    }
    made.add(
        new MutexTruth(name, pid, tid, abandoned, mutex.va(), space.kernel.translate(mutex.va())));
    return mutex;
  }

  /** Removes a mutex and its name. */
  public void remove(KernelObject mutex) {
    made.removeIf(truth -> truth.objectVa() == mutex.va());
    names.remove(mutex);
    objects.free(mutex);
  }

  public List<MutexTruth> truth() {
    return List.copyOf(made);
  }
}
