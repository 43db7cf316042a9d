package io.ramtide.testkit.windows.registry;

import io.ramtide.testkit.truth.HiveTruth;
import io.ramtide.testkit.windows.hive.Cells;
import io.ramtide.testkit.windows.hive.HiveSource;
import io.ramtide.testkit.windows.key.SimHive;
import io.ramtide.testkit.windows.key.SimKey;
import io.ramtide.testkit.windows.key.SimValue;
import io.ramtide.testkit.windows.key.ValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The registry: the master hive and those mounted in it. Paths are full and begin with \REGISTRY;
 * the case of names does not matter; symbolic links are followed. All changes are in RAM when a
 * method returns.
 */
public final class Registry {

  static final String ROOT = "\\REGISTRY";
  private static final int MAX_LINKS = 8;

  private final HiveLoader loader;
  private final LongSupplier clock;
  private final List<SimHive> hives = new ArrayList<>();
  private final HiveTruths truths = new HiveTruths();

  /** A registry with its master hive only. */
  Registry(HiveLoader loader, LongSupplier clock) {
    this.loader = loader;
    this.clock = clock;
    SimHive master =
        loader.load(
            new HiveSource(ROOT, null, null, "REGISTRY", 3), Owners.SYSTEM, clock.getAsLong());
    hives.add(master);
    for (String name : List.of("MACHINE", "USER", "A")) {
      master.create(master.root, name, true, Owners.SYSTEM, clock.getAsLong());
    }
    master.flush();
  }

  /** Creates a key with those above it that are missing. */
  public void create(String path, boolean inVolatile) {
    SimKey key = make(path, inVolatile, null, clock.getAsLong());
    key.hive.flush();
  }

  /** Sets a value of a key; type by its name, or as 0x and hexadecimal digits. */
  public void set(String path, String name, String type, byte[] data) {
    SimKey key = key(path);
    key.hive.set(key, name, ValueType.number(type), data, clock.getAsLong());
    key.hive.flush();
  }

  public void deleteValue(String path, String name) {
    SimKey key = key(path);
    SimValue value = key.value(name);
    if (value == null) {
      throw new IllegalArgumentException(path + " has no value \"" + name + "\"");
    }
    key.hive.delete(key, value, clock.getAsLong());
    key.hive.flush();
  }

  /** Deletes a key without subkeys; a link itself and not where it leads. */
  public void deleteKey(String path) {
    SimKey key = resolve(path, false, 0);
    if (key == null) {
      throw new IllegalArgumentException("there is no key " + path);
    }
    if (key.parent == null || !key.children.isEmpty()) {
      throw new IllegalArgumentException(path + " has subkeys or is the root of a hive");
    }
    key.hive.delete(key, clock.getAsLong());
    key.hive.flush();
  }

  /** Loads a hive with a root key and nothing below it. */
  public void load(String path, String fileName) {
    String full = fileName.replace("\\SystemRoot", "\\Device\\HarddiskVolume1\\Windows");
    mount(new HiveSource(path, fileName, full, "ROOT", 5), Owners.ADMINISTRATORS).flush();
  }

  /** Unloads a hive and frees its memory. */
  public void unload(String path) {
    SimHive hive = hive(path);
    if (hive.mountPoint == null) {
      throw new IllegalArgumentException("the master hive cannot be unloaded");
    }
    SimHive master = hive.mountPoint.hive;
    hive.mountPoint.mounted = null;
    master.delete(hive.mountPoint, clock.getAsLong());
    master.deleted.remove(master.deleted.size() - 1); // it was the node of no key
    master.flush();
    hive.unload();
    hives.remove(hive);
  }

  /** Takes a hive off the list; it stays mounted. */
  public void unlink(String path) {
    SimHive hive = hive(path);
    if (!hive.onList) {
      throw new IllegalArgumentException(path + " is not on the list");
    }
    hive.object.unlink();
    hive.onList = false;
  }

  /** Takes the page away that a key's node begins in: transition, pagefile or absent. */
  public void page(String path, String state) {
    SimKey key = key(path);
    key.hive.cells.storage(key.isVolatile).page(Cells.block(key.cell), state);
  }

  /** Takes the page of a block of a hive away. */
  public void page(String path, int storage, int block, String state) {
    hive(path).cells.storage(storage == 1).page(block, state);
  }

  /** The file of a hive, as it would be if all were written now. */
  public byte[] file(String path) {
    return hive(path).file();
  }

  public List<HiveTruth> truth() {
    return hives.stream().map(truths::of).toList();
  }

  SimHive mount(HiveSource source, String owner) {
    SimKey existing = resolve(source.path(), true, 0);
    if (existing != null) {
      throw new IllegalArgumentException("there is " + source.path() + " already");
    }
    long now = clock.getAsLong();
    SimKey place = make(source.path(), true, Owners.SYSTEM, now);
    if (place.hive != hives.get(0)) {
      throw new IllegalArgumentException(
          "hives are mounted below \\REGISTRY\\MACHINE and \\REGISTRY\\USER, not " + source.path());
    }
    SimHive hive = loader.load(source, owner, now);
    place.hive.mount(place, hive);
    place.hive.flush();
    hives.add(hive);
    return hive;
  }

  /** A key, made with those above it that are missing; the owner is the parent's if null. */
  SimKey make(String path, boolean inVolatile, String owner, long now) {
    SimKey known = resolve(path, true, 0);
    if (known != null) {
      return known;
    }
    int cut = path.lastIndexOf('\\');
    SimKey parent = make(path.substring(0, cut), inVolatile, owner, now);
    return parent.hive.create(
        parent, path.substring(cut + 1), inVolatile, owner == null ? parent.owner : owner, now);
  }

  void forEachHive(Consumer<SimHive> consumer) {
    hives.forEach(consumer);
  }

  SimHive hive(String path) {
    return hives.stream()
        .filter(hive -> hive.source.path().equalsIgnoreCase(path))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("there is no hive " + path));
  }

  private SimKey key(String path) {
    SimKey key = resolve(path, true, 0);
    if (key == null) {
      throw new IllegalArgumentException("there is no key " + path);
    }
    return key;
  }

  /** The key at a path; null if there is none. */
  private SimKey resolve(String path, boolean followLast, int links) {
    String[] names = path.split("\\\\", -1);
    if (names.length < 2 || !names[0].isEmpty() || !names[1].equalsIgnoreCase("REGISTRY")) {
      throw new IllegalArgumentException(path + " does not begin with \\REGISTRY");
    }
    SimKey key = hives.get(0).root;
    for (int i = 2; i < names.length && key != null; i++) {
      key = key.child(names[i]);
      if (key != null && key.mounted != null) {
        key = key.mounted.root;
      }
      boolean last = i == names.length - 1;
      if (key != null && key.linkTarget() != null && (!last || followLast) && links < MAX_LINKS) {
        String rest = String.join("\\", List.of(names).subList(i + 1, names.length));
        String target = key.linkTarget() + (last ? "" : "\\" + rest);
        return resolve(target, followLast, links + 1);
      }
    }
    return key;
  }
}
