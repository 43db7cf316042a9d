package io.ramtide.testkit.windows.object;

import io.ramtide.testkit.windows.KernelSpace;
import io.ramtide.testkit.windows.pool.Pool;
import io.ramtide.testkit.windows.pool.PoolBlock;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Open registry keys: key bodies, and the control blocks that know their names. No hives. */
public final class Keys {

  private static final int KEY_BODY = 0x6b793032; // "ky02"

  private final KernelSpace space;
  private final ObjectManager objects;
  private final Pool paged;
  private final Map<String, Long> controlBlocks = new HashMap<>();

  public Keys(KernelSpace space, ObjectManager objects, Pool paged) {
    this.space = space;
    this.objects = objects;
    this.paged = paged;
  }

  /** Opens a key by its path, for example {@code \REGISTRY\MACHINE}. */
  public KernelObject open(String path) {
    KernelObject key = objects.create("Key", space.facts.size("_CM_KEY_BODY"));
    space
        .struct("_CM_KEY_BODY", key.va())
        .u32("Type", KEY_BODY)
        .u64("KeyControlBlock", controlBlock(path));
    return key;
  }

  private long controlBlock(String path) {
    Long known = controlBlocks.get(path);
    if (known != null) {
      return known;
    }
    int cut = path.lastIndexOf('\\');
    long parent = cut == 0 ? 0 : controlBlock(path.substring(0, cut));
    byte[] name = path.substring(cut + 1).getBytes(StandardCharsets.ISO_8859_1);
    long text = block(space.facts.offset("_CM_NAME_CONTROL_BLOCK", "Name") + name.length);
    space
        .struct("_CM_NAME_CONTROL_BLOCK", text)
        .bits("Compressed", 1)
        .u16("NameLength", name.length)
        .bytes("Name", name);
    long made = block(space.facts.size("_CM_KEY_CONTROL_BLOCK"));
    space.struct("_CM_KEY_CONTROL_BLOCK", made).u64("ParentKcb", parent).u64("NameBlock", text);
    controlBlocks.put(path, made);
    return made;
  }

  private long block(int size) {
    return paged.allocate(space.facts.tag("keyControl"), size, PoolBlock.PAGED).body();
  }
}
