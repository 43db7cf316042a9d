package io.ramtide.scanner.windows.user;

import io.ramtide.scanner.windows.guest.FindingSink;
import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.GuestProcess;
import io.ramtide.scanner.windows.guest.GuestText;
import io.ramtide.scanner.windows.guest.ModuleMap;
import io.ramtide.scanner.windows.guest.RangeMap;
import io.ramtide.scanner.windows.guest.Struct;
import io.ramtide.scanner.windows.vad.Vad;
import io.ramtide.scanner.windows.vad.Vads;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** The modules of a process: the loader's entries, native and 32-bit, and images without one. */
public final class ProcessModules {
  /** Status of an address that no module has. */
  public static final String IN_NO_MODULE = "in no module";

  private static final int MAX_TROUBLES = 16;

  private final GuestProcess process;
  private final Vads vads;
  private final List<Module> all = new ArrayList<>();
  private final List<String> troubles = new ArrayList<>();
  private RangeMap<Module> byAddress;

  /** How many entries may still be visited of a guest: many processes may share huge lists. */
  private static final class Budget {
    private int left = FindingSink.MAX_OF_A_KIND;
  }

  private ProcessModules(GuestProcess process) {
    this.process = process;
    this.vads = Vads.of(process);
    Peb peb = Peb.ofNative(process);
    if (!peb.isMissing()) {
      addEntries(peb);
    } else if (peb.isExpected()) {
      troubles.add("its PEB: " + peb.missing());
    }
    Peb.ofWow64(process).ifPresent(this::addWow64);
    addImages();
    all.sort(Comparator.comparing(Module::base, Long::compareUnsigned));
  }

  /** The modules of a process, read when first asked for. */
  public static ProcessModules of(GuestProcess process) {
    return process.once(ProcessModules.class, ProcessModules::new);
  }

  /** Whether loader lists were left out, since too many entries were walked. */
  static boolean isCut(Guest guest) {
    return guest.once(Budget.class, any -> new Budget()).left <= 0;
  }

  private void addWow64(Peb peb) {
    if (!peb.isMissing()) {
      addEntries(peb);
    } else if (peb.isExpected()) {
      troubles.add("its 32-bit PEB: " + peb.missing());
    }
  }

  private void addEntries(Peb peb) {
    Budget budget = process.guest().once(Budget.class, any -> new Budget());
    LoaderLists lists = LoaderLists.of(peb, budget.left);
    budget.left = lists.budget();
    troubles.addAll(lists.troubles());
    for (Map.Entry<Long, Set<LoaderLists.Order>> entry : lists.entries().entrySet()) {
      addEntry(peb, entry.getKey(), entry.getValue());
    }
  }

  private void addEntry(Peb peb, long va, Set<LoaderLists.Order> orders) {
    Struct entry = Struct.read(peb.space(), peb.layout().entry(), va);
    OptionalLong base = peb.layout().pointer(entry, "DllBase");
    if (base.isEmpty()) {
      if (troubles.size() < MAX_TROUBLES) {
        troubles.add(
            "loader entry at 0x%x: %s".formatted(va, entry.gap("DllBase").orElseThrow().text()));
      }
      return;
    }
    all.add(new Module(peb, va, base.getAsLong(), entry.u32("SizeOfImage").orElse(0), orders));
  }

  private void addImages() {
    Set<Long> bases = new HashSet<>();
    all.forEach(module -> bases.add(module.base()));
    for (Vad vad : vads.all()) {
      if (vad.isImage() && !bases.contains(vad.start())) {
        all.add(new Module(null, 0, vad.start(), vad.end() - vad.start() + 1, Set.of()));
      }
    }
  }

  /** All of them, by base. */
  List<Module> all() {
    return all;
  }

  /** Why some may be missing; empty for honest lists that can be read. */
  List<String> troubles() {
    return troubles;
  }

  /** Name of the file that the region at a module's base maps. */
  GuestText mappedFile(Module module) {
    Optional<Vad> vad = vads.at(module.base());
    if (vad.isPresent()) {
      return vads.file(vad.get());
    }
    return vads.troubles().isEmpty()
        ? GuestText.missing("in no VAD")
        : GuestText.missing("VADs incomplete");
  }

  /**
   * Name of the module that a user-space VA lies in: the loader's base name, or for an image that
   * the loader does not have the last part of its file's name.
   *
   * @return without value where no module has it ({@link #IN_NO_MODULE}), where none is known to
   *     and some are not known ({@link ModuleMap#INCOMPLETE}), or the name cannot be read
   */
  public GuestText module(long va) {
    if (byAddress == null) {
      byAddress = new RangeMap<>();
      all.forEach(module -> byAddress.lay(module.base(), Math.max(module.size(), 1), module));
    }
    Optional<Module> found = byAddress.at(va);
    if (found.isEmpty()) {
      boolean allKnown = troubles.isEmpty() && vads.troubles().isEmpty();
      return GuestText.missing(allKnown ? IN_NO_MODULE : ModuleMap.INCOMPLETE);
    }
    Module nearest = found.get();
    if (nearest.peb() != null) {
      return nearest.name();
    }
    GuestText file = mappedFile(nearest);
    return file.value() == null
        ? file
        : new GuestText(file.value().substring(file.value().lastIndexOf('\\') + 1), file.status());
  }
}
