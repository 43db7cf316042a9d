package io.ramtide.testkit.windows.key;

import io.ramtide.testkit.windows.KernelFacts;
import io.ramtide.testkit.windows.hive.Cells;
import io.ramtide.testkit.windows.hive.HiveObject;
import io.ramtide.testkit.windows.hive.HivePages;
import io.ramtide.testkit.windows.hive.HiveSource;
import io.ramtide.testkit.windows.hive.Storage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A loaded hive: its object, its cells, its keys. */
public final class SimHive {

  private static final int BIG_DATA_SINCE = 4; // minor version of the format

  /** A deleted key: where its node was and how it began. */
  public static final class Deleted {
    public final String name;
    private final int cell;
    private final byte[] node;

    private Deleted(SimKey key, byte[] node) {
      name = key.name;
      cell = key.cell;
      this.node = node;
    }

    /** Whether the node still lies in a free cell. */
    public boolean isLeftOver(SimHive hive) {
      return hive.cells.isLeftOver(cell, node);
    }
  }

  public final HiveSource source;
  public final HiveObject object;
  public final Cells cells;
  public final SimKey root;
  public final List<Deleted> deleted = new ArrayList<>();
  public final int sequence1;
  public final int sequence2;
  public final long writtenTime;
  public boolean onList = true;
  private int lengthInBaseBlock;
  public SimKey mountPoint; // node of the master hive; null: this is the master hive
  private final KeyCells nodes;
  private final ValueCells values;
  private final SecurityCells security;

  /**
   * A hive with a root key.
   *
   * @param sequence2 number of writes of its file; one more has begun if underWay
   */
  public SimHive(
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

  public boolean hasBigData() {
    return source.minorVersion() >= BIG_DATA_SINCE;
  }

  /** Creates a key that is not there yet, below a key of this hive. */
  public SimKey create(SimKey parent, String name, boolean inVolatile, String owner, long now) {
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

  public void className(SimKey key, String className, long now) {
    key.className = className;
    nodes.className(key, now);
    nodes.maxima(key.parent, key);
  }

  public void set(SimKey key, String name, int type, byte[] data, long now) {
    SimValue value = key.value(name);
    if (value == null) {
      values.add(key, new SimValue(name, type, data.clone()), now);
    } else {
      values.change(key, value, type, data.clone(), now);
    }
    key.lastWriteTime = now;
    key.maxValueNameBytes = Math.max(key.maxValueNameBytes, Character.BYTES * name.length());
    key.maxValueDataBytes = Math.max(key.maxValueDataBytes, data.length);
    nodes.values(key);
  }

  /** Makes a key a symbolic link. */
  public void link(SimKey key, String target, long now) {
    key.isLink = true;
    nodes.flags(key);
    byte[] text = target.getBytes(StandardCharsets.UTF_16LE);
    set(key, SimKey.LINK_VALUE, ValueType.number("REG_LINK"), text, now);
  }

  public void delete(SimKey key, SimValue value, long now) {
    values.remove(key, value, now);
    key.lastWriteTime = now;
    nodes.values(key);
  }

  /** Deletes a key without subkeys. */
  public void delete(SimKey key, long now) {
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
  public void mount(SimKey key, SimHive other) {
    key.mounted = other;
    other.mountPoint = key;
    nodes.mount(key, other.root.cell, other.object.va);
    other.nodes.parent(other.root, key.cell);
  }

  /** Dates a key that was there before the start. */
  public void date(SimKey key, long time) {
    key.lastWriteTime = time;
    nodes.flags(key);
  }

  /** Puts all changes into RAM. */
  public void flush() {
    cells.flush();
    int length = cells.storage(false).length();
    if (length != lengthInBaseBlock) {
      lengthInBaseBlock = length;
      object.writeBaseBlock(source, root.cell, length, sequence1, sequence2, writtenTime);
    }
  }

  /** The file of the hive, if all were written now: its base block, then its stable storage. */
  public byte[] file() {
    Storage stable = cells.storage(false);
    int length = stable.length();
    object.writeBaseBlock(source, root.cell, length, sequence2, sequence2, writtenTime);
    ByteBuffer file = ByteBuffer.allocate(HivePages.PAGE + length);
    file.put(object.baseBlock()).put(stable.bytes().slice(0, length));
    object.writeBaseBlock(source, root.cell, length, sequence1, sequence2, writtenTime);
    return file.array();
  }

  public void unload() {
    cells.storage(false).unmap();
    cells.storage(true).unmap();
    if (onList) {
      object.unlink();
    }
    object.free();
  }
}
