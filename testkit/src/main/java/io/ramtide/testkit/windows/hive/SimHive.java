package io.ramtide.testkit.windows.hive;

import io.ramtide.testkit.windows.KernelFacts;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A loaded hive: its object, its cells, its keys. */
final class SimHive {

  private static final int BIG_DATA_SINCE = 4; // minor version of the format

  /** A deleted key: where its node was and how it began. */
  static final class Deleted {
    final String name;
    final int cell;
    final byte[] node;

    private Deleted(SimKey key, byte[] node) {
      name = key.name;
      cell = key.cell;
      this.node = node;
    }
  }

  final HiveSource source;
  final HiveObject object;
  final Cells cells;
  final SimKey root;
  final List<Deleted> deleted = new ArrayList<>();
  final int sequence1;
  final int sequence2;
  final long writtenTime;
  boolean onList = true;
  private int lengthInBaseBlock;
  SimKey mountPoint; // node of the master hive; null: this is the master hive
  private final KeyCells nodes;
  private final ValueCells values;
  private final SecurityCells security;

  /**
   * A hive with a root key.
   *
   * @param sequence2 number of writes of its file; one more has begun if underWay
   */
  SimHive(
      HiveSource source,
      HiveObject object,
      KernelFacts facts,
      Storage stable,
      Storage transientStorage,
      String owner,
      int sequence2,
      boolean underWay,
      long now) {
    this.source = source;
    this.object = object;
    this.sequence2 = sequence2;
    sequence1 = underWay ? sequence2 + 1 : sequence2;
    writtenTime = source.inMemoryOnly() ? 0 : now;
    cells = new Cells(facts, stable, transientStorage);
    nodes = new KeyCells(cells);
    values = new ValueCells(cells);
    security = new SecurityCells(cells);
    root = node(source.rootName(), null, false, owner, now);
  }

  boolean hasBigData() {
    return source.minorVersion() >= BIG_DATA_SINCE;
  }

  /** Creates a key that is not there yet, below a key of this hive. */
  SimKey create(SimKey parent, String name, boolean inVolatile, String owner, long now) {
    if (parent.isVolatile && !inVolatile) {
      throw new IllegalArgumentException(
          "%s is volatile: so must be %s below it".formatted(parent.path(), name));
    }
    SimKey key = node(name, parent, inVolatile, owner, now);
    parent.children.put(key.upperName, key);
    int storage = inVolatile ? 1 : 0;
    if (parent.indices[storage] == null) {
      parent.indices[storage] = new SubkeyIndex(cells, inVolatile, parent.listKind);
    }
    parent.indices[storage].add(key, now);
    parent.lastWriteTime = now;
    nodes.subkeys(parent);
    nodes.maxima(parent, key);
    return key;
  }

  private SimKey node(String name, SimKey parent, boolean inVolatile, String owner, long now) {
    int cell = nodes.allocate(name, inVolatile, now);
    SimKey key = new SimKey(this, name, parent, inVolatile, owner, cell);
    key.lastWriteTime = now;
    nodes.write(
        key, parent == null ? Cells.NIL : parent.cell, security.use(owner, inVolatile, now));
    return key;
  }

  void className(SimKey key, String className, long now) {
    key.className = className;
    nodes.className(key, now);
    nodes.maxima(key.parent, key);
  }

  void set(SimKey key, String name, int type, byte[] data, long now) {
    SimValue value = key.value(name);
    if (value == null) {
      values.add(key, new SimValue(name, type, data.clone()), now);
    } else {
      values.change(key, value, type, data.clone(), now);
    }
    key.lastWriteTime = now;
    nodes.values(key);
  }

  /** Makes a key a symbolic link. */
  void link(SimKey key, String target, long now) {
    key.isLink = true;
    nodes.flags(key);
    byte[] text = target.getBytes(StandardCharsets.UTF_16LE);
    set(key, SimKey.LINK_VALUE, ValueType.number("REG_LINK"), text, now);
  }

  void delete(SimKey key, SimValue value, long now) {
    values.remove(key, value, now);
    key.lastWriteTime = now;
    nodes.values(key);
  }

  /** Deletes a key without subkeys. */
  void delete(SimKey key, long now) {
    SimKey parent = key.parent;
    parent.children.remove(key.upperName);
    parent.indices[key.isVolatile ? 1 : 0].remove(key, now);
    parent.lastWriteTime = now;
    nodes.subkeys(parent);
    key.values.forEach(values::free);
    cells.freeIfAny(key.valueList);
    cells.freeIfAny(key.classCell);
    security.release(key.owner, key.isVolatile);
    int bytes = cells.facts.offset("_CM_KEY_NODE", "Name") + CellName.of(key.name).bytes().length;
    deleted.add(new Deleted(key, cells.get(key.cell, bytes)));
    cells.free(key.cell);
  }

  /** Makes a key of the master hive the place where another hive begins, or ends that. */
  void mount(SimKey key, SimHive other) {
    key.mounted = other;
    other.mountPoint = key;
    nodes.mount(key, other.root.cell, other.object.va);
    other.nodes.parent(other.root, key.cell);
  }

  /** Dates a key that was there before the start. */
  void date(SimKey key, long time) {
    key.lastWriteTime = time;
    nodes.flags(key);
  }

  /** Puts all changes into RAM. */
  void flush() {
    cells.flush();
    int length = cells.storage(false).length();
    if (length != lengthInBaseBlock) {
      lengthInBaseBlock = length;
      object.writeBaseBlock(source, root.cell, length, sequence1, sequence2, writtenTime);
    }
  }

  void unload() {
    cells.storage(false).unmap();
    cells.storage(true).unmap();
    if (onList) {
      object.unlink();
    }
    object.free();
  }
}
