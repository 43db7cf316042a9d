package io.ramtide.testkit.windows.registry;

import io.ramtide.testkit.truth.HiveBlockTruth;
import io.ramtide.testkit.truth.HiveTruth;
import io.ramtide.testkit.truth.KeyTruth;
import io.ramtide.testkit.truth.RegistryValueTruth;
import io.ramtide.testkit.windows.hive.Block;
import io.ramtide.testkit.windows.hive.Cells;
import io.ramtide.testkit.windows.hive.HiveSource;
import io.ramtide.testkit.windows.key.SimHive;
import io.ramtide.testkit.windows.key.SimKey;
import io.ramtide.testkit.windows.key.SimValue;
import io.ramtide.testkit.windows.key.ValueType;
import java.util.ArrayList;
import java.util.List;

/** Says what is true of hives. */
final class HiveTruths {

  HiveTruth of(SimHive hive) {
    List<KeyTruth> keys = new ArrayList<>();
    key(hive.root, "", true, keys);
    HiveSource source = hive.source;
    return new HiveTruth(
        source.path(),
        source.fileName(),
        source.fileFullPath(),
        hive.object.va,
        hive.object.gpa(),
        hive.root.cell,
        hive.cells.storage(false).length(),
        hive.cells.storage(true).length(),
        hive.sequence1,
        hive.sequence2,
        hive.writtenTime,
        hive.onList,
        blocks(hive),
        hive.deleted.stream()
            .filter(deleted -> deleted.isLeftOver(hive))
            .map(deleted -> deleted.name)
            .toList(),
        keys);
  }

  private static List<HiveBlockTruth> blocks(SimHive hive) {
    List<HiveBlockTruth> all = new ArrayList<>();
    for (int storage = 0; storage < 2; storage++) {
      List<Block> blocks = hive.cells.storage(storage == 1).blocks();
      for (int i = 0; i < blocks.size(); i++) {
        Block block = blocks.get(i);
        all.add(new HiveBlockTruth(storage, i, block.va(), block.gpa(), block.state()));
      }
    }
    return all;
  }

  private static void key(SimKey key, String path, boolean reachable, List<KeyTruth> into) {
    if (key.mounted != null) {
      return;
    }
    Cells cells = key.hive.cells;
    boolean readable = reachable && cells.inRam(key.cell);
    boolean listReadable = key.values.isEmpty() || cells.inRam(key.valueList);
    into.add(
        new KeyTruth(
            key.hive.source.path(),
            path,
            key.lastWriteTime,
            key.isVolatile,
            key.children.size(),
            key.values.stream().map(value -> value(cells, value, listReadable)).toList(),
            key.className,
            key.owner,
            key.linkTarget(),
            Integer.toUnsignedLong(key.cell),
            cells.gpa(key.cell),
            readable));
    for (SimKey child : key.children.values()) {
      boolean listed = key.canLeadTo(child);
      String below = path.isEmpty() ? child.name : path + "\\" + child.name;
      key(child, below, readable && listed, into);
    }
  }

  private static RegistryValueTruth value(Cells cells, SimValue value, boolean listReadable) {
    boolean readable = listReadable && cells.inRam(value.cell);
    return new RegistryValueTruth(
        value.name,
        ValueType.name(value.type),
        value.dataHex(),
        Integer.toUnsignedLong(value.cell),
        readable,
        readable && value.dataCells.stream().allMatch(cells::inRam));
  }
}
