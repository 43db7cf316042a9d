package io.ramtide.scanner.windows.registry;

import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.KeyGlobs;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What was told of the hives of a memory when it was analysed last. */
final class RegistryMemory {
  /** Keys that are kept of a memory: some 90 MB. Hives beyond them are always read whole. */
  static final int MAX_KEYS = 1 << 19;

  final ContentHash hash = new ContentHash();
  private Map<Long, Known> hives = new HashMap<>();
  private Map<Long, Known> next = new HashMap<>();
  private Optional<String> controlSet = Optional.empty();
  private int keys;
  private long round = -1;

  /**
   * A hive as it was told.
   *
   * @param capture that its keys were last told of, or what had changed of them
   * @param places where its blocks were
   */
  record Known(
      HiveKeys.Id hive,
      long capture,
      KeyGlobs asked,
      KeyGlobs watched,
      BlockPlaces places,
      KnownKeys keys) {
    /** Whether what is known can be used for what is asked now. */
    boolean serves(HiveKeys now, KeyGlobs nowAsked, KeyGlobs nowWatched) {
      return hive.equals(now.id()) && asked.equals(nowAsked) && watched.equals(nowWatched);
    }
  }

  /** What is known of a guest, if it is of the analysis just before this one. */
  static RegistryMemory of(Guest guest) {
    RegistryMemory memory = guest.memo().of(RegistryMemory.class, RegistryMemory::new);
    boolean isOfLast = memory.round + 1 == guest.memo().round();
    memory.next(isOfLast && guest.request().capture().isPresent());
    memory.round = guest.memo().round();
    return memory;
  }

  /** Begins with another capture; what is known can be used for it, or not. */
  void next(boolean isUsable) {
    hives = isUsable ? next : new HashMap<>();
    next = new HashMap<>();
    keys = 0;
  }

  /**
   * The current control set, or as it was known last: it changes only while Windows starts.
   *
   * @param now empty: it cannot be read now
   */
  Optional<String> controlSet(Optional<String> now) {
    controlSet = now.or(() -> controlSet);
    return controlSet;
  }

  /** What is known of a hive, which is not known any more then; null: nothing. */
  Known take(long va) {
    return hives.remove(va);
  }

  /** Keys that can still be kept. */
  int room() {
    return MAX_KEYS - keys;
  }

  void keep(Known known) {
    keys += known.keys().count();
    next.put(known.hive().va(), known);
  }
}
