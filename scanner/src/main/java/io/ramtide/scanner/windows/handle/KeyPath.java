package io.ramtide.scanner.windows.handle;

import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.GuestText;
import io.ramtide.scanner.windows.guest.Struct;
import io.ramtide.scanner.windows.guest.TextCache;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;

/** Paths of registry keys that are open: from CM_KEY_BODY up through the key control blocks. */
final class KeyPath {
  /** The registry's own limit of levels, and the hives above. */
  private static final int MAX_DEPTH = 520;

  /** Key control blocks that are read of a guest; a busy server has some 10^5 in all. */
  private static final int MAX_BLOCKS = 1 << 19;

  /** Longer paths are cut. */
  private static final int MAX_PATH = 1 << 14;

  private static final int BYTE = 0xff;

  /** CM_KEY_BODY.Type: "ky02". */
  private static final long SIGNATURE = 0x6b79_3032;

  /**
   * KEY_HIVE_ENTRY of a key's flags: the root of a hive. Since Windows 10 1607 it has a block of
   * its own, below that of the key the hive is mounted on, which has the name.
   */
  private static final int HIVE_ENTRY = 4;

  private final Guest guest;
  private final boolean skipsHiveRoots;
  private final TextCache known = new TextCache();
  private int left = MAX_BLOCKS;

  KeyPath(Guest guest) {
    this.guest = guest;
    this.skipsHiveRoots = isSupported(guest) && guest.type("CM_KEY_BODY").has("Trans");
  }

  static boolean isSupported(Guest guest) {
    return guest.layout().has("CM_KEY_BODY");
  }

  /** Path of the key whose CM_KEY_BODY is at a VA: "\REGISTRY\MACHINE\SYSTEM". */
  GuestText of(long va) {
    Struct body = guest.struct("CM_KEY_BODY", va);
    OptionalLong block = body.u64("KeyControlBlock");
    if (block.isEmpty()) {
      return GuestText.missing(body.gap("KeyControlBlock").orElseThrow());
    }
    return body.u32("Type").orElse(0) == SIGNATURE
        ? block(block.getAsLong(), 0)
        : GuestText.missing("not a key");
  }

  private GuestText block(long va, int depth) {
    if (depth == MAX_DEPTH) {
      return GuestText.missing("more than %d levels deep".formatted(MAX_DEPTH));
    }
    if (!guest.isKernelAddress(va)) {
      return GuestText.missing("not a kernel address");
    }
    GuestText path = known.get(va);
    if (path == null && left-- <= 0) {
      return GuestText.missing("left out: %d key control blocks were read".formatted(MAX_BLOCKS));
    }
    if (path == null) {
      path = read(va, depth);
      known.put(va, path);
    }
    return path;
  }

  private GuestText read(long va, int depth) {
    Struct block = guest.struct("CM_KEY_CONTROL_BLOCK", va);
    OptionalLong parent = block.u64("ParentKcb");
    OptionalLong nameBlock = block.u64("NameBlock");
    if (parent.isEmpty() || nameBlock.isEmpty()) {
      return GuestText.missing(block.gap().orElseThrow());
    }
    boolean isHiveRoot = (block.bits("Flags").orElse(0) & HIVE_ENTRY) != 0;
    if (skipsHiveRoots && isHiveRoot && parent.getAsLong() != 0) {
      return block(parent.getAsLong(), depth + 1);
    }
    GuestText name = name(nameBlock.getAsLong());
    if (name.value() == null) {
      return name;
    }
    GuestText above =
        parent.getAsLong() == 0 ? GuestText.of("") : block(parent.getAsLong(), depth + 1);
    if (above.value() == null) {
      return new GuestText(name.value(), "parent key: " + above.status());
    }
    String status = name.status() == null ? above.status() : name.status();
    String path = above.value() + "\\" + name.value();
    return path.length() > MAX_PATH
        ? new GuestText(path.substring(0, MAX_PATH), "cut after %d characters".formatted(MAX_PATH))
        : new GuestText(path, status);
  }

  private GuestText name(long va) {
    if (!guest.isKernelAddress(va)) {
      return GuestText.missing("not a kernel address");
    }
    Struct name = guest.struct("CM_NAME_CONTROL_BLOCK", va);
    if (name.u16("NameLength").isEmpty() || name.bits("Compressed").isEmpty()) {
      return GuestText.missing(name.gap().orElseThrow());
    }
    int length = name.u16("NameLength").getAsInt();
    long text = name.address("Name");
    if (name.bits("Compressed").getAsLong() != 0) {
      return latin1(text, length);
    }
    GuestText wide = GuestText.utf16(guest.space(), text, length, GuestText.MAX_NAME);
    // A block in use has references: where it has none, its flags were never set.
    boolean isUnset = name.has("RefCount") && name.bits("RefCount").orElse(1) == 0;
    return isUnset && !hasZeroByte(wide) ? latin1(text, length) : wide;
  }

  private static boolean hasZeroByte(GuestText text) {
    return text.value() != null && text.value().chars().anyMatch(c -> c <= BYTE || (c & BYTE) == 0);
  }

  /** A compressed name has one byte a character. */
  private GuestText latin1(long va, int length) {
    byte[] bytes = new byte[Math.min(length, GuestText.MAX_NAME)];
    var read = guest.space().read(va, bytes, 0, bytes.length);
    if (read.bytes() == 0 && !read.isComplete()) {
      return GuestText.missing(read.gap().orElseThrow());
    }
    String text = new String(bytes, 0, read.bytes(), StandardCharsets.ISO_8859_1);
    return read.isComplete()
        ? GuestText.of(text)
        : new GuestText(text, "cut: " + read.gap().orElseThrow().status());
  }
}
