package io.ramtide.scanner.windows.object;

import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.GuestText;
import io.ramtide.scanner.windows.guest.Struct;
import io.ramtide.scanner.windows.guest.TextCache;
import java.util.Optional;
import java.util.OptionalLong;

/** Headers, types and names of a guest's objects. */
public final class ObjectManager {
  /** Windows nests directories three or four deep. */
  private static final int MAX_DEPTH = 32;

  /** Longer paths are cut: a path is up to {@link #MAX_DEPTH} names. */
  private static final int MAX_PATH = 2 * GuestText.MAX_NAME;

  private static final String SEPARATOR = "\\";

  private final Guest guest;
  private final OptionalHeaders optional;
  private final ObjectTypes types;
  private final TextCache directories = new TextCache();

  private ObjectManager(Guest guest) {
    this.guest = guest;
    this.optional = OptionalHeaders.of(guest.layout());
    this.types = ObjectTypes.bySymbols(guest).orElseGet(() -> TypesByPool.find(guest, optional));
  }

  /** The guest's; made once. */
  public static ObjectManager of(Guest guest) {
    return guest.once(ObjectManager.class, ObjectManager::new);
  }

  public ObjectTypes types() {
    return types;
  }

  OptionalHeaders optionalHeaders() {
    return optional;
  }

  /** The header of the object at a VA. */
  public ObjectHeader headerOf(long objectVa) {
    return headerAt(objectVa - guest.type("OBJECT_HEADER").offset("Body"));
  }

  /** The header at a VA. */
  public ObjectHeader headerAt(long headerVa) {
    return new ObjectHeader(guest, optional, headerVa);
  }

  /** The type of the object at a VA; empty if its header cannot be read or names none. */
  public Optional<String> typeOf(long objectVa) {
    return types.of(headerOf(objectVa));
  }

  /** The last component of an object's name; {@link GuestText#NONE} if it has none. */
  public GuestText name(ObjectHeader header) {
    if (header.gap().isPresent()) {
      return GuestText.missing(header.gap().get());
    }
    Optional<Struct> info = header.nameInfo();
    if (info.isEmpty()) {
      return GuestText.NONE;
    }
    long va = info.get().address("Name");
    GuestText name = GuestText.unicodeString(guest.space(), va, GuestText.MAX_NAME);
    return "".equals(name.value()) ? GuestText.NONE : name;
  }

  /**
   * An object's path through the directories it is in: "\BaseNamedObjects\X". An object that is in
   * no directory has its name alone. Where a directory cannot be read, the path begins below it and
   * the status says so.
   */
  public GuestText path(ObjectHeader header) {
    return path(header, 0);
  }

  /** Path of the directory an object is in; {@link GuestText#NONE} if it is in none. */
  public GuestText directory(ObjectHeader header) {
    OptionalLong va =
        header.nameInfo().map(info -> info.u64("Directory")).orElse(OptionalLong.empty());
    return va.orElse(0) == 0 ? GuestText.NONE : directory(va.getAsLong(), 1);
  }

  private GuestText path(ObjectHeader header, int depth) {
    GuestText name = name(header);
    if (name.value() == null || name.value().equals(SEPARATOR)) {
      return name;
    }
    OptionalLong directory = header.nameInfo().orElseThrow().u64("Directory");
    if (directory.isEmpty() || directory.getAsLong() == 0) {
      return name;
    }
    GuestText parent = directory(directory.getAsLong(), depth + 1);
    if (parent.value() == null) {
      return cut(name, "directory: " + (parent.status() == null ? "no name" : parent.status()));
    }
    boolean isRoot = parent.value().equals(SEPARATOR);
    String path = (isRoot ? "" : parent.value()) + SEPARATOR + name.value();
    String status = name.status() == null ? parent.status() : name.status();
    return path.length() > MAX_PATH
        ? new GuestText(path.substring(0, MAX_PATH), "cut after %d characters".formatted(MAX_PATH))
        : new GuestText(path, status);
  }

  private GuestText directory(long va, int depth) {
    GuestText known = directories.get(va);
    if (known != null) {
      return known;
    }
    if (!guest.isKernelAddress(va)) {
      return GuestText.missing("not a kernel address");
    }
    if (depth == MAX_DEPTH) {
      return GuestText.missing("more than %d directories deep".formatted(MAX_DEPTH));
    }
    GuestText path = path(headerOf(va), depth);
    directories.put(va, path);
    return path;
  }

  private static GuestText cut(GuestText name, String why) {
    return new GuestText(name.value(), name.status() == null ? why : name.status());
  }
}
