package io.ramtide.scanner.windows.named;

import io.ramtide.scanner.windows.guest.FindingSink;
import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.GuestProcess;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.scanner.windows.handle.OpenHandles;
import io.ramtide.scanner.windows.object.HandleTable;
import io.ramtide.scanner.windows.object.ObjectDirectory;
import io.ramtide.scanner.windows.object.ObjectHeader;
import io.ramtide.scanner.windows.object.ObjectManager;
import io.ramtide.scanner.windows.object.PoolObject;
import io.ramtide.scanner.windows.object.PoolObjects;
import io.ramtide.schemas.View;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/** Objects of one type by every view: pool, handles, directory. One a place in physical memory. */
final class SeenObjects {
  private final Guest guest;
  private final Map<Long, Seen> byGpa = new TreeMap<>();

  /** One object and the views that have it. */
  record Seen(long va, long gpa, Set<View> views) {
    List<View> seenBy() {
      return new ArrayList<>(views);
    }
  }

  private SeenObjects(Guest guest) {
    this.guest = guest;
  }

  /**
   * Objects in use, by GPA: what lies in a freed block is no longer one.
   *
   * @param kind of pool-tags.json
   * @param type name of the object type
   * @param what kind of finding, for notes on what could not be read
   */
  static Collection<Seen> of(
      Guest guest,
      List<GuestProcess> processes,
      String kind,
      String type,
      What what,
      FindingSink sink) {
    SeenObjects objects = new SeenObjects(guest);
    for (PoolObject object : PoolObjects.of(guest).inUse(kind)) {
      objects.add(object.va(), object.gpa(), View.poolScan);
    }
    PoolObjects.of(guest).gaps(kind).forEach(gap -> sink.incomplete(what, gap));
    objects.byHandles(processes, type);
    ObjectDirectory directory = ObjectDirectory.of(guest);
    directory.ofType(type).forEach(va -> objects.add(va, View.objectDirectory));
    directory.gaps().forEach(gap -> sink.incomplete(what, gap));
    return objects.byGpa.values();
  }

  private void byHandles(List<GuestProcess> processes, String type) {
    Set<Long> seen = new HashSet<>();
    for (GuestProcess process : processes) {
      for (HandleTable.Handle handle : OpenHandles.of(guest).of(process).handles()) {
        if (seen.add(handle.pointer())) {
          ObjectHeader header = ObjectManager.of(guest).headerAt(handle.pointer());
          if (ObjectManager.of(guest).types().of(header).filter(type::equals).isPresent()) {
            add(header.objectVa(), View.processHandles);
          }
        }
      }
    }
  }

  private void add(long va, View view) {
    OptionalLong gpa = guest.space().gpa(va);
    if (gpa.isPresent()) {
      add(va, gpa.getAsLong(), view);
    }
  }

  private void add(long va, long gpa, View view) {
    byGpa
        .computeIfAbsent(gpa, key -> new Seen(va, gpa, EnumSet.noneOf(View.class)))
        .views()
        .add(view);
  }
}
