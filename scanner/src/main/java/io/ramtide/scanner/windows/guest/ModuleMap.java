package io.ramtide.scanner.windows.guest;

import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Which kernel module an address lies in. */
public final class ModuleMap {
  /** Status of an address that no kernel module has. */
  public static final String IN_NO_MODULE = "in no module";

  /** Status of an address that no known module has, where some modules are not known. */
  public static final String INCOMPLETE = "module list incomplete";

  private final boolean isComplete;

  /** What begins at an address, and lasts to the next one: a module, or none. */
  private final TreeMap<Long, Optional<Range>> pieces = new TreeMap<>(Long::compareUnsigned);

  /**
   * Where a module is.
   *
   * @param base VA
   * @param size bytes
   * @param name its base name, e.g. tcpip.sys, or why it is not known
   */
  public record Range(long base, long size, GuestText name) {
    /** Whether it holds a VA. */
    public boolean contains(long va) {
      return Long.compareUnsigned(va - base, size) < 0;
    }
  }

  /**
   * @param isComplete whether every module of the guest is among them
   */
  public ModuleMap(Collection<Range> modules, boolean isComplete) {
    this.isComplete = isComplete;
    modules.stream()
        .filter(module -> module.size() != 0)
        .sorted(Comparator.comparing(Range::base, Long::compareUnsigned))
        .forEach(this::lay);
  }

  /** Lays a module over those that begin before it: a hostile guest's may overlap. */
  private void lay(Range range) {
    long end = range.base() + range.size();
    boolean endsInside = Long.compareUnsigned(end, range.base()) > 0;
    if (endsInside) {
      Map.Entry<Long, Optional<Range>> behind = pieces.floorEntry(end);
      pieces.put(end, behind == null ? Optional.empty() : behind.getValue());
      pieces.subMap(range.base(), end).clear();
    } else {
      pieces.tailMap(range.base()).clear();
    }
    pieces.put(range.base(), Optional.of(range));
  }

  /** Whether every module of the guest is known. */
  public boolean isComplete() {
    return isComplete;
  }

  /** The module that holds a VA: of several, the one that begins nearest to it. */
  public Optional<Range> range(long va) {
    Map.Entry<Long, Optional<Range>> piece = pieces.floorEntry(va);
    return piece == null ? Optional.empty() : piece.getValue().filter(range -> range.contains(va));
  }

  /**
   * Name of the kernel module that holds a VA; without value where none is known to, with {@link
   * #IN_NO_MODULE} only if no module that is not known could.
   */
  public GuestText module(long va) {
    Optional<Range> range = range(va);
    if (range.isPresent()) {
      GuestText name = range.get().name();
      return name.value() == null && name.status() == null
          ? GuestText.missing("a module without name")
          : name;
    }
    boolean isUserAddress = va >= 0;
    return GuestText.missing(isComplete || isUserAddress ? IN_NO_MODULE : INCOMPLETE);
  }
}
