package io.ramtide.testkit.windows.object;

import io.ramtide.testkit.windows.KernelSpace;
import io.ramtide.testkit.windows.pool.Pool;
import io.ramtide.testkit.windows.pool.PoolBlock;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The tree of object directories. A directory has 37 chains of OBJECT_DIRECTORY_ENTRY; a name's
 * chain follows from its upper-case characters c by h = h + h*2 + h/2 + c, h % 37.
 */
public final class Namespace {

  private static final int CHAINS = 37;

  private final KernelSpace space;
  private final ObjectManager objects;
  private final Pool paged;
  private final Map<String, KernelObject> directories = new HashMap<>();
  private final Map<Long, Entry> entries = new HashMap<>();

  private record Entry(PoolBlock block, long chain) {}

  public Namespace(KernelSpace space, ObjectManager objects, Pool paged) {
    this.space = space;
    this.objects = objects;
    this.paged = paged;
  }

  /** Writes the root directory. */
  public void write() {
    KernelObject root =
        objects.createNamed("Directory", space.facts.size("_OBJECT_DIRECTORY"), 0, "\\");
    directories.put("\\", root);
    space.kernel.putLong(space.symbol("ObpRootDirectoryObject"), root.va());
  }

  /** The directory of a path, for example {@code \Driver}; made if it is not there. */
  public KernelObject directory(String path) {
    KernelObject known = directories.get(path);
    if (known != null) {
      return known;
    }
    int cut = path.lastIndexOf('\\');
    KernelObject made =
        create(
            "Directory",
            space.facts.size("_OBJECT_DIRECTORY"),
            cut == 0 ? "\\" : path.substring(0, cut),
            path.substring(cut + 1));
    directories.put(path, made);
    return made;
  }

  /** An object with a name in a directory, its body zero. */
  public KernelObject create(String type, int bodySize, String directory, String name) {
    long parent = directory(directory).va();
    KernelObject object = objects.createNamed(type, bodySize, parent, name);
    long chain =
        space.struct("_OBJECT_DIRECTORY", parent).address("HashBuckets") + 8L * chain(name);
    PoolBlock entry =
        paged.allocate(
            space.facts.tag("directoryEntry"),
            space.facts.size("_OBJECT_DIRECTORY_ENTRY"),
            PoolBlock.PAGED);
    space
        .struct("_OBJECT_DIRECTORY_ENTRY", entry.body())
        .u64("ChainLink", space.kernel.getLong(chain))
        .u64("Object", object.va());
    space.kernel.putLong(chain, entry.body());
    entries.put(object.va(), new Entry(entry, chain));
    return object;
  }

  /** Takes an object's name out of its directory. */
  void remove(KernelObject object) {
    Entry gone = entries.remove(object.va());
    long at = gone.chain();
    while (space.kernel.getLong(at) != gone.block().body()) {
      at = space.struct("_OBJECT_DIRECTORY_ENTRY", space.kernel.getLong(at)).address("ChainLink");
    }
    long next = space.struct("_OBJECT_DIRECTORY_ENTRY", gone.block().body()).u64("ChainLink");
    space.kernel.putLong(at, next);
    paged.free(gone.block());
  }

  private static int chain(String name) {
    int hash = 0;
    for (char c : name.toUpperCase(Locale.ROOT).toCharArray()) {
      hash += (hash << 1) + (hash >>> 1) + c;
    }
    return Integer.remainderUnsigned(hash, CHAINS);
  }
}
