package io.ramtide.scanner.windows.object;

import io.ramtide.scanner.symbols.StructType;
import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.Struct;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The object manager's namespace, walked from its root directory. A directory and an entry are
 * looked at once: the walk is bounded by {@link #MAX_OBJECTS}, whatever they link to.
 */
public final class ObjectDirectory {
  /** Objects that are taken; a busy server has some 10^4 with names. */
  static final int MAX_OBJECTS = 1 << 17;

  private static final int MAX_GAPS = 8;
  private static final String DIRECTORY = "Directory";

  private final Guest guest;
  private final ObjectManager objects;
  private final Map<String, List<Long>> byType = new LinkedHashMap<>();
  private final Set<Long> seen = new HashSet<>();
  private final Set<Long> entries = new HashSet<>();
  private final Deque<Long> directories = new ArrayDeque<>();
  private final Set<String> gaps = new LinkedHashSet<>();

  private ObjectDirectory(Guest guest) {
    this.guest = guest;
    this.objects = ObjectManager.of(guest);
    OptionalLong variable = guest.symbol("ObpRootDirectoryObject");
    if (variable.isEmpty()) {
      gaps.add("nothing names the root of the object directory: no exact symbols");
      return;
    }
    OptionalLong root = guest.space().qword(variable.getAsLong());
    if (root.isEmpty()) {
      gaps.add("object directory: " + guest.space().locate(variable.getAsLong()).text());
    } else if (root.getAsLong() != 0) {
      add(root.getAsLong());
      while (!directories.isEmpty()) {
        directory(directories.remove());
      }
    }
  }

  /** The guest's; made once. */
  public static ObjectDirectory of(Guest guest) {
    return guest.once(ObjectDirectory.class, ObjectDirectory::new);
  }

  /** VAs of the objects of a type, e.g. "Mutant". */
  public List<Long> ofType(String type) {
    return List.copyOf(byType.getOrDefault(type, List.of()));
  }

  /** What could not be walked, and why. */
  public List<String> gaps() {
    return List.copyOf(gaps);
  }

  private void add(long va) {
    if (!guest.isKernelAddress(va)) {
      gap("object 0x%x: not a kernel address".formatted(va));
    } else if (seen.size() == MAX_OBJECTS) {
      gap("only the first %d objects were walked".formatted(MAX_OBJECTS));
    } else if (seen.add(va)) {
      ObjectHeader header = objects.headerOf(va);
      header.gap().ifPresent(gap -> gap("object 0x%x: %s".formatted(va, gap.text())));
      objects
          .types()
          .of(header)
          .ifPresent(
              type -> {
                byType.computeIfAbsent(type, key -> new ArrayList<>()).add(va);
                if (type.equals(DIRECTORY)) {
                  directories.add(va);
                }
              });
    }
  }

  private void directory(long va) {
    StructType type = guest.type("OBJECT_DIRECTORY");
    int first = type.offset("HashBuckets");
    int end = type.has("Lock") ? type.offset("Lock") : type.size();
    for (int bucket = first; bucket + Long.BYTES <= end; bucket += Long.BYTES) {
      OptionalLong entry = guest.space().qword(va + bucket);
      if (entry.isEmpty()) {
        gap("directory 0x%x: %s".formatted(va, guest.space().locate(va + bucket).text()));
      } else {
        chain(entry.getAsLong());
      }
    }
  }

  private void chain(long first) {
    long va = first;
    while (va != 0) {
      if (entries.size() == MAX_OBJECTS) {
        gap("only the first %d entries were walked".formatted(MAX_OBJECTS));
        return;
      }
      if (!entries.add(va)) {
        gap("directory entry 0x%x: a chain comes back to it".formatted(va));
        return;
      }
      if (!guest.isKernelAddress(va)) {
        gap("directory entry 0x%x: not a kernel address".formatted(va));
        return;
      }
      Struct entry = guest.struct("OBJECT_DIRECTORY_ENTRY", va);
      if (!entry.isComplete()) {
        gap("directory entry 0x%x: %s".formatted(va, entry.gap().orElseThrow().text()));
        return;
      }
      add(entry.u64("Object").getAsLong());
      va = entry.u64("ChainLink").getAsLong();
    }
  }

  private void gap(String what) {
    if (gaps.size() < MAX_GAPS) {
      gaps.add(what);
    }
  }
}
