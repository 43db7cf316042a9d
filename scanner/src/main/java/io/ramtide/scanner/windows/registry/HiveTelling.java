package io.ramtide.scanner.windows.registry;

import io.ramtide.scanner.memory.FrameSet;
import io.ramtide.scanner.symbols.Layout;
import io.ramtide.scanner.windows.guest.KeyGlobs;
import io.ramtide.scanner.windows.registry.RegistryMemory.Known;
import io.ramtide.scanner.windows.registry.cell.Budget;
import io.ramtide.scanner.windows.registry.cell.KeyReader;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.apache.avro.specific.SpecificRecord;

/**
 * Tells the keys of hives: what changed of those that are known, if that can be told, and all of
 * the others.
 */
final class HiveTelling {
  /** With more changed than one block in this many, all keys are read. */
  private static final int FEW_BLOCKS = 4;

  private static final int SOME_BLOCKS = 64;

  /** Findings that are held back until it is sure that nothing is in doubt. */
  private static final int MAX_HELD = 1 << 15;

  private final Layout layout;
  private final RegistryMemory memory;
  private final FrameSet changed;
  private final OptionalLong capture;
  private final KeyGlobs asked;
  private final KeyGlobs watched;
  private final Consumer<String> partly;
  private int keysLeft;

  /**
   * @param changed frames, since the memory is of
   * @param capture that is told of now; empty: nothing is to be kept
   * @param partly takes why a key could not be read whole
   * @param most keys
   */
  HiveTelling(
      Layout layout,
      RegistryMemory memory,
      FrameSet changed,
      OptionalLong capture,
      KeyGlobs asked,
      KeyGlobs watched,
      Consumer<String> partly,
      int most) {
    this.layout = layout;
    this.memory = memory;
    this.changed = changed;
    this.capture = capture;
    this.asked = asked;
    this.watched = watched;
    this.partly = partly;
    this.keysLeft = most;
  }

  /**
   * Tells the keys of a hive.
   *
   * @param begin called first, with the capture since which changes are told, or with -1
   * @param out takes findings
   * @return whether there were more keys than are to be told
   */
  boolean tell(HiveKeys hive, LongConsumer begin, Consumer<SpecificRecord> out) {
    BlockPlaces places = new BlockPlaces(hive.cells());
    Known known = memory.take(hive.va());
    if (known != null && known.serves(hive, asked, watched) && !changed.isAll()) {
      List<SpecificRecord> held = new ArrayList<>();
      if (changes(hive, known, places, held)) {
        begin.accept(known.capture());
        known.keys().partly(partly);
        held.forEach(out);
        return false;
      }
    }
    begin.accept(-1);
    return all(hive, places, out);
  }

  /** False: in doubt, and nothing of it is to be told. */
  private boolean changes(
      HiveKeys hive, Known known, BlockPlaces places, List<SpecificRecord> held) {
    BlockChanges changes = BlockChanges.between(known.places(), places, changed);
    if (changes.count() > SOME_BLOCKS && changes.count() > places.blocks() / FEW_BLOCKS) {
      return false;
    }
    KnownKeys keys = known.keys();
    KeyReader reader = reader(hive, keys, new Budget(hive.cells()).ofHeld());
    List<KnownKey> again =
        new ArrayList<>(keys.take(changes, keys.owners.refresh(reader, changes::hasAny)));
    KeyWalk walk = new KeyWalk(hive, reader, memory.hash, changes, keys, held::add);
    walk.changed(again, Math.min(MAX_HELD, keysLeft));
    if (walk.doubt() != null || keys.count() > memory.room()) {
      return false;
    }
    keysLeft -= walk.reads();
    keep(hive, places, keys);
    return true;
  }

  private boolean all(HiveKeys hive, BlockPlaces places, Consumer<SpecificRecord> out) {
    KnownKey root = KnownKey.root(hive.rootCell(), asked.at(hive.path()), watched.at(hive.path()));
    if (!root.asked.matches() && !root.asked.mayMatchBelow()) {
      return false;
    }
    KnownKeys keys = new KnownKeys(root);
    KeyWalk walk =
        new KeyWalk(
            hive, reader(hive, keys, new Budget(hive.cells())), memory.hash, null, keys, out);
    walk.all(capture.isPresent() ? memory.room() : 0, keysLeft);
    keysLeft -= walk.reads();
    keys.partly(partly);
    if (capture.isPresent() && walk.doubt() == null) {
      keep(hive, places, keys);
    }
    return walk.isCut();
  }

  private KeyReader reader(HiveKeys hive, KnownKeys keys, Budget budget) {
    int minor = hive.id().minor();
    return new KeyReader(layout, hive.cells(), minor, budget, keys.owners);
  }

  private void keep(HiveKeys hive, BlockPlaces places, KnownKeys keys) {
    long now = capture.orElseThrow();
    memory.keep(new Known(hive.id(), now, asked, watched, places, keys));
  }
}
