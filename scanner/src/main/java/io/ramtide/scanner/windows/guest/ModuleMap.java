package io.ramtide.scanner.windows.guest;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Which kernel module an address lies in. */
public final class ModuleMap {
  /** Status of an address that no kernel module has. */
  public static final String IN_NO_MODULE = "in no module";

  /** Status of an address that no known module has, where some modules are not known. */
  public static final String INCOMPLETE = "module list incomplete";

  private final boolean isComplete;

  private final RangeMap<Range> ranges = new RangeMap<>();

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
        .sorted(Comparator.comparing(Range::base, Long::compareUnsigned))
        .forEach(range -> ranges.lay(range.base(), range.size(), range));
  }

  /** Whether every module of the guest is known. */
  public boolean isComplete() {
    return isComplete;
  }

  /** The module that holds a VA: of several, the one that begins nearest to it. */
  public Optional<Range> range(long va) {
    return ranges.at(va).filter(range -> range.contains(va));
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
