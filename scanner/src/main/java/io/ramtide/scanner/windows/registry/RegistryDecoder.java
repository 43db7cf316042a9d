package io.ramtide.scanner.windows.registry;

import io.ramtide.scanner.windows.guest.Decoder;
import io.ramtide.scanner.windows.guest.FindingSink;
import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.GuestProcess;
import io.ramtide.scanner.windows.guest.KeyGlobs;
import io.ramtide.scanner.windows.guest.Request;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.scanner.windows.hive.Hive;
import io.ramtide.scanner.windows.hive.Hives;
import io.ramtide.scanner.windows.registry.cell.Budget;
import io.ramtide.scanner.windows.registry.cell.KeyReader;
import io.ramtide.scanner.windows.registry.cell.Owners;
import io.ramtide.schemas.HiveFinding;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Gives hives, and the keys of each. */
public final class RegistryDecoder implements Decoder {
  /** Where the version cannot be read: that of every hive since Windows XP. */
  private static final int USUAL_MINOR = 5;

  @Override
  public Set<What> kinds() {
    return Set.of(What.hives, What.registry);
  }

  @Override
  public void decode(Guest guest, List<GuestProcess> processes, FindingSink sink) {
    Hives hives = Hives.of(guest, processes);
    say(hives, sink);
    if (!sink.wants(What.registry)) {
      hives.all().forEach(hive -> sink.add(What.hives, hive.finding().build()));
      return;
    }
    Set<Long> all = hives.all().stream().map(Hive::objectVa).collect(Collectors.toSet());
    List<HiveKeys> keys = hives.all().stream().map(hive -> keys(guest, hive, all)).toList();
    HiveTelling telling = telling(guest, keys, sink);
    for (int i = 0; i < keys.size(); i++) {
      tell(hives.all().get(i), keys.get(i), telling, guest.request(), sink);
    }
  }

  /** Only what may hide a hive makes hives incomplete. */
  private static void say(Hives hives, FindingSink sink) {
    for (String gap : hives.gaps()) {
      sink.incomplete(What.hives, gap);
      sink.incomplete(What.registry, gap);
    }
    for (String gap : hives.blockGaps()) {
      sink.remark(What.hives, gap);
      sink.incomplete(What.registry, gap);
    }
    hives.remarks().forEach(why -> sink.remark(What.hives, why));
  }

  private static HiveKeys keys(Guest guest, Hive hive, Set<Long> all) {
    long minor = guest.struct("HHIVE", hive.objectVa()).u32("Version").orElse(USUAL_MINOR);
    return new HiveKeys(
        new HiveKeys.Id(hive.objectVa(), hive.path(), hive.rootCell(), (int) minor, all),
        hive.cells());
  }

  private static HiveTelling telling(Guest guest, List<HiveKeys> hives, FindingSink sink) {
    Request request = guest.request();
    KeyGlobs asked = request.keys();
    KeyGlobs watched = request.watched();
    RegistryMemory memory = RegistryMemory.of(guest);
    Optional<String> controlSet =
        memory.controlSet(
            hives.stream()
                .filter(hive -> hive.path().equalsIgnoreCase(ControlSet.HIVE))
                .findFirst()
                .flatMap(hive -> ControlSet.current(hive, reader(guest, hive))));
    if (controlSet.isPresent()) {
      asked = asked.withControlSet(controlSet.get());
      watched = watched.withControlSet(controlSet.get());
    }
    return new HiveTelling(
        guest.layout(),
        memory,
        guest.changed(),
        request.capture(),
        asked,
        watched,
        why -> sink.partly(What.registry, why),
        FindingSink.MAX_KEYS);
  }

  private static KeyReader reader(Guest guest, HiveKeys hive) {
    return new KeyReader(
        guest.layout(), hive.cells(), hive.id().minor(), new Budget(hive.cells()), new Owners());
  }

  private static void tell(
      Hive hive, HiveKeys keys, HiveTelling telling, Request request, FindingSink sink) {
    HiveFinding.Builder finding = hive.finding();
    if (finding.getPathStatus() != null && !request.keys().equals(KeyGlobs.ALL)) {
      sink.incomplete(
          What.registry,
          "%s: its path could not be read, so that its keys match no pattern"
              .formatted(keys.path()));
    }
    boolean isCut =
        telling.tell(
            keys,
            since -> sink.add(What.hives, finding.setKeysSince(since < 0 ? null : since).build()),
            key -> sink.add(What.registry, key));
    if (isCut) {
      sink.cut(
          What.registry,
          "%s: some keys were left out: more than %d in all"
              .formatted(keys.path(), FindingSink.MAX_KEYS));
    }
  }
}
