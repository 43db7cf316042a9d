package io.ramtide.scanner.windows.hive;

import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.Struct;
import java.util.OptionalLong;

/** A CMHIVE, which begins with its HHIVE, at a kernel address. */
final class HiveStruct {
  private final Guest guest;
  private final long va;
  private final Struct cmhive;
  private final Struct hhive;

  HiveStruct(Guest guest, long va) {
    this.guest = guest;
    this.va = va;
    this.cmhive = guest.struct("CMHIVE", va);
    this.hhive = guest.struct("HHIVE", va);
  }

  long va() {
    return va;
  }

  Guest guest() {
    return guest;
  }

  /** VA of its entry on the list of hives. */
  long entry() {
    return cmhive.address("HiveList");
  }

  long address(String field) {
    return cmhive.address(field);
  }

  OptionalLong signature() {
    return hhive.u32("Signature");
  }

  OptionalLong baseBlock() {
    return hhive.u64("BaseBlock");
  }

  OptionalLong storageTypes() {
    return hhive.u32("StorageTypeCount");
  }

  /** The DUAL of a storage. */
  Struct storage(int storage) {
    long at = hhive.address("Storage") + (long) storage * guest.type("DUAL").size();
    return guest.struct("DUAL", at);
  }

  /** Whether both neighbours on the list lead back to it. */
  boolean isLinked() {
    int back = guest.type("LIST_ENTRY").offset("Blink");
    int forth = guest.type("LIST_ENTRY").offset("Flink");
    OptionalLong next = guest.space().qword(entry() + forth);
    OptionalLong previous = guest.space().qword(entry() + back);
    return leads(next, back) && leads(previous, forth);
  }

  private boolean leads(OptionalLong neighbour, int link) {
    if (neighbour.isEmpty()
        || neighbour.getAsLong() == entry()
        || !guest.isKernelAddress(neighbour.getAsLong())) {
      return false;
    }
    OptionalLong to = guest.space().qword(neighbour.getAsLong() + link);
    return to.isPresent() && to.getAsLong() == entry();
  }
}
