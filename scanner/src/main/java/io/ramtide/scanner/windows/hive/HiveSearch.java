package io.ramtide.scanner.windows.hive;

import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.GuestList;
import io.ramtide.scanner.windows.object.PoolObject;
import io.ramtide.scanner.windows.object.PoolObjects;
import io.ramtide.schemas.View;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds CMHIVEs: on the list of hives, in the pool, and by the signature of an HHIVE. */
final class HiveSearch {
  /** A terminal server with 1,000 users has some 3,000. */
  static final int MAX_HIVES = 1 << 12;

  /** Hives from which the head of the list is looked for, where nothing names it. */
  private static final int MAX_STARTS = 8;

  private static final String POOL_KIND = "hive";

  /** A hive and who sees it. */
  record Found(HiveStruct hive, Set<View> views) {}

  private final Guest guest;
  private final PoolObjects pool;
  private final Map<Long, Found> byVa = new LinkedHashMap<>();
  private final Map<Long, Found> byGpa = new LinkedHashMap<>();
  private final Set<Long> bases = new HashSet<>();
  private final List<String> gaps = new ArrayList<>();
  private final List<String> remarks = new ArrayList<>();
  private long left;

  private HiveSearch(Guest guest) {
    this.guest = guest;
    this.pool = PoolObjects.of(guest);
  }

  /**
   * What was found.
   *
   * @param hives as the list has them, then the others
   * @param gaps why more may be missing
   * @param remarks what is wrong without one being missing
   */
  record Result(List<Found> hives, List<String> gaps, List<String> remarks) {}

  static Result run(Guest guest) {
    HiveSearch search = new HiveSearch(guest);
    // What Windows itself has comes first: of forged ones there may be too many.
    search.list();
    search.pool();
    search.headers();
    if (search.left > 0) {
      search.gaps.add(
          "only the first %d of %d hives".formatted(MAX_HIVES, MAX_HIVES + search.left));
    }
    return new Result(
        List.copyOf(search.byVa.values()), List.copyOf(search.gaps), List.copyOf(search.remarks));
  }

  private void pool() {
    for (PoolObject block : pool.inUse(POOL_KIND)) {
      if (isCandidate(block.va())) {
        see(block.va(), View.poolScan);
      }
    }
    gaps.addAll(pool.gaps(POOL_KIND));
  }

  /** The tag is that of many things: most of them show at once that they are no hive. */
  private boolean isCandidate(long va) {
    OptionalLong signature = guest.space().dword(va);
    return (signature.isPresent() && signature.getAsLong() == HiveFacts.ALL.hive())
        || guest.isKernelAddress(
            guest.space().qword(va + guest.type("CMHIVE").offset("HiveList")).orElse(0));
  }

  private void list() {
    OptionalLong head = guest.symbol("CmpHiveListHead");
    if (head.isEmpty()) {
      head = headFromHives();
    }
    if (head.isEmpty()) {
      gaps.add("hiveList: nothing names CmpHiveListHead");
      return;
    }
    GuestList list = GuestList.walk(guest, head.getAsLong(), MAX_HIVES);
    // Of a list that is broken one way only, the other way has all.
    List<String> troubles = list.isComplete() ? remarks : gaps;
    list.trouble().ifPresent(why -> troubles.add("hiveList: " + why));
    int offset = guest.type("CMHIVE").offset("HiveList");
    long strangers = 0;
    for (long entry : fromBothEnds(list.entries())) {
      if (!see(entry - offset, View.hiveList)) {
        strangers++;
      }
    }
    if (strangers > 0) {
      gaps.add("hiveList: %d entries are no hives".formatted(strangers));
    }
  }

  /** Too many are forged, and forged ones are at one end. */
  private static List<Long> fromBothEnds(List<Long> entries) {
    if (entries.size() <= MAX_HIVES) {
      return entries;
    }
    List<Long> ends = new ArrayList<>();
    for (int i = 0; 2 * i < entries.size(); i++) {
      ends.add(entries.get(i));
      ends.add(entries.get(entries.size() - 1 - i));
    }
    return ends;
  }

  /** The one place of the kernel's image on the list that hives are on. */
  private OptionalLong headFromHives() {
    return pool.inUse(POOL_KIND).stream()
        .filter(block -> isCandidate(block.va()))
        .map(block -> new HiveStruct(guest, block.va()))
        .filter(HiveStruct::isLinked)
        .limit(MAX_STARTS)
        .map(hive -> GuestList.walk(guest, hive.entry(), MAX_HIVES).entries())
        .map(ring -> ring.stream().filter(guest.kernel()::contains).toList())
        .filter(heads -> heads.size() == 1)
        .mapToLong(heads -> heads.get(0))
        .findFirst();
  }

  /** Where neither list nor pool has one: a changed tag does not hide an unlinked hive. */
  private void headers() {
    Set<Long> freed =
        pool.of(POOL_KIND).stream()
            .filter(PoolObject::isFree)
            .map(PoolObject::va)
            .collect(Collectors.toSet());
    int base = guest.type("HHIVE").offset("BaseBlock");
    for (long gpa : guest.scan().hives()) {
      OptionalLong va = byGpa.containsKey(gpa) ? OptionalLong.empty() : pool.va(gpa);
      if (va.isPresent() && !freed.contains(va.getAsLong())) {
        // A copy of a hive's page has the pointers of the hive itself.
        OptionalLong baseBlock = guest.space().qword(va.getAsLong() + base);
        if (baseBlock.isPresent() && !bases.contains(baseBlock.getAsLong())) {
          see(va.getAsLong(), View.headerScan);
        }
      }
    }
    long cut = guest.scan().cutHives();
    if (cut > 0) {
      gaps.add("headerScan: %d places were not looked at".formatted(cut));
    }
  }

  /** Whether there is a hive. */
  private boolean see(long va, View view) {
    OptionalLong gpa = guest.space().gpa(va);
    Found known = gpa.isPresent() ? byGpa.get(gpa.getAsLong()) : byVa.get(va);
    if (known == null) {
      HiveStruct hive = new HiveStruct(guest, va);
      if (!HiveRule.holds(hive, view != View.headerScan)) {
        return false;
      }
      if (byVa.size() == MAX_HIVES) {
        left++;
        return true;
      }
      known = new Found(hive, EnumSet.noneOf(View.class));
      byVa.put(va, known);
      gpa.ifPresent(at -> byGpa.put(at, byVa.get(va)));
      hive.baseBlock().ifPresent(bases::add);
    }
    known.views().add(view);
    return true;
  }
}
