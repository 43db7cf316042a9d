package io.ramtide.scanner.windows.kernel;

import io.ramtide.scanner.memory.PhysicalMemory;
import io.ramtide.scanner.paging.AddressSpace;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The export directory of a kernel: names and addresses that need no symbols, and a way to its base
 * when its header is missing. Field offsets: "PE Format" of Microsoft's documentation.
 *
 * @param base VA of the image
 * @param directory VA of the directory
 */
record KernelExports(AddressSpace space, long base, long directory) {
  static final int DIRECTORY_BYTES = 40;
  private static final int NAME = 12;
  private static final int ORDINAL_BASE = 16;
  private static final int FUNCTION_COUNT = 20;
  private static final int NAME_COUNT = 24;
  private static final int FUNCTIONS = 28;
  private static final int NAMES = 32;
  private static final int ORDINALS = 36;

  /** Five times as many as any kernel has. */
  private static final int MAX_NAMES = 1 << 14;

  private static final int MAX_NAME = 64;
  private static final String MODULE = "ntoskrnl.exe";

  /**
   * The kernel's directory in a page, by what a linker writes there: the table of functions follows
   * the directory, which gives its RVA and so the image's base; and the name at the RVA of the name
   * is the kernel's.
   *
   * @param page bytes of the page at {@code va}
   */
  static Optional<KernelExports> find(AddressSpace space, long va, byte[] page, int known) {
    ByteBuffer bytes = ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at + DIRECTORY_BYTES <= known; at += Integer.BYTES) {
      if (bytes.getInt(at + ORDINAL_BASE) != 1 || bytes.getInt(at) != 0) {
        continue;
      }
      long base = va + at + DIRECTORY_BYTES - Integer.toUnsignedLong(bytes.getInt(at + FUNCTIONS));
      boolean isBase =
          base % PhysicalMemory.FRAME_BYTES == 0
              && base <= va
              && va - base < PeImage.MAX_SIZE
              && bytes.getInt(at + NAME_COUNT) > 0
              && bytes.getInt(at + NAME_COUNT) <= bytes.getInt(at + FUNCTION_COUNT);
      if (isBase && MODULE.equals(text(space, base, bytes.getInt(at + NAME)))) {
        return Optional.of(new KernelExports(space, base, va + at));
      }
    }
    return Optional.empty();
  }

  /** VAs of what it exports, by name, as far as the pages can be read. */
  Map<String, Long> variables() {
    Map<String, Long> variables = new HashMap<>();
    int[] header = ints(directory, DIRECTORY_BYTES / Integer.BYTES);
    int count = Math.min(header[NAME_COUNT / Integer.BYTES], MAX_NAMES);
    int functions = Math.min(header[FUNCTION_COUNT / Integer.BYTES], MAX_NAMES);
    if (count <= 0 || functions <= 0) {
      return variables;
    }
    int[] rvas = ints(base + header[FUNCTIONS / Integer.BYTES], functions);
    int[] names = ints(base + header[NAMES / Integer.BYTES], count);
    int[] ordinals = ints(base + header[ORDINALS / Integer.BYTES], (count + 1) / 2);
    for (int i = 0; i < count; i++) {
      int ordinal = ordinals[i / 2] >>> (i % 2 * Short.SIZE) & 0xffff;
      boolean isPlace =
          ordinal < functions && rvas[ordinal] > 0 && rvas[ordinal] < PeImage.MAX_SIZE;
      if (isPlace && names[i] > 0 && names[i] < PeImage.MAX_SIZE) {
        String name = text(space, base, names[i]);
        if (!name.isEmpty()) {
          variables.putIfAbsent(name, base + rvas[ordinal]);
        }
      }
    }
    return variables;
  }

  /** Zeros where they cannot be read. */
  private int[] ints(long va, int count) {
    byte[] bytes = new byte[count * Integer.BYTES];
    space.readAround(va, bytes, 0, bytes.length);
    int[] ints = new int[count];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(ints);
    return ints;
  }

  /** The text at an RVA, up to its NUL; empty if it has none near or is no ASCII. */
  private static String text(AddressSpace space, long base, int rva) {
    byte[] bytes = new byte[MAX_NAME];
    int known = space.read(base + Integer.toUnsignedLong(rva), bytes, 0, MAX_NAME).bytes();
    for (int i = 0; i < known; i++) {
      if (bytes[i] == 0) {
        return new String(bytes, 0, i, StandardCharsets.US_ASCII);
      }
      if (bytes[i] < ' ' || bytes[i] > '~') {
        return "";
      }
    }
    return "";
  }
}
