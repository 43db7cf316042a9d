package io.ramtide.scanner.windows.vad;

import io.ramtide.scanner.memory.PhysicalMemory;
import io.ramtide.scanner.paging.VadLookup;
import io.ramtide.scanner.symbols.Layout;
import io.ramtide.scanner.windows.guest.FindingSink;
import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.GuestProcess;
import io.ramtide.scanner.windows.guest.GuestText;
import io.ramtide.scanner.windows.guest.Struct;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** The VADs of a process, by address; read from kernel space alone. */
public final class Vads implements VadLookup {
  private static final int MAX_SUBSECTIONS = 1 << 12;

  /** Subsections that are read of a guest in all, before pages that need them are left out. */
  private static final int MAX_STEPS = 1 << 22;

  private final Guest guest;
  private final List<Vad> all;
  private final Set<String> troubles;

  private Vads(Guest guest, List<Vad> all, Set<String> troubles) {
    this.guest = guest;
    this.all = all;
    this.troubles = troubles;
  }

  /** How many nodes may still be read of a guest: many processes may share one huge tree. */
  private static final class Budget {
    private int left = FindingSink.MAX_OF_A_KIND;
    private int subsections = MAX_STEPS;
  }

  /** The VADs of a process, read when first asked for. */
  public static Vads of(GuestProcess process) {
    return process.once(Vads.class, Vads::read);
  }

  private static Budget budget(Guest guest) {
    return guest.once(Budget.class, any -> new Budget());
  }

  /** What was left unread of all processes, since there was too much. */
  static List<String> cuts(Guest guest) {
    List<String> cuts = new ArrayList<>();
    if (budget(guest).left <= 0) {
      cuts.add("only %d nodes of VAD trees were read".formatted(FindingSink.MAX_OF_A_KIND));
    }
    if (budget(guest).subsections < 0) {
      cuts.add("pages of mapped files: only %d subsections were read".formatted(MAX_STEPS));
    }
    return cuts;
  }

  /** Whether VADs of this layout can be read. */
  public static boolean areKnown(Layout layout) {
    return layout.has("MMVAD_SHORT")
        && layout.has("MMVAD")
        && layout.has("MMVAD_FLAGS")
        && layout.type("EPROCESS").has("VadRoot");
  }

  private static Vads read(GuestProcess process) {
    Guest guest = process.guest();
    if (!areKnown(guest.layout())) {
      return new Vads(guest, List.of(), Set.of("the layout of its VADs is not known"));
    }
    Optional<Struct> object = process.object();
    if (object.isEmpty()) {
      return new Vads(guest, List.of(), Set.of("the VA of its EPROCESS is not known"));
    }
    Budget budget = budget(guest);
    VadReader reader = guest.once(VadReader.class, VadReader::new);
    VadTree.Result result = VadTree.walk(reader, object.get(), budget.left);
    budget.left -= Math.min(budget.left, result.nodes());
    return new Vads(guest, result.vads(), result.troubles());
  }

  /** All of them, by address. */
  public List<Vad> all() {
    return all;
  }

  /** Why some may be missing; empty for an honest tree that can be read. */
  public Set<String> troubles() {
    return troubles;
  }

  /** The VAD that holds a VA: of several, the one that begins nearest to it. */
  public Optional<Vad> at(long va) {
    int low = 0;
    int high = all.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (all.get(middle).start() <= va) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low > 0 && all.get(low - 1).contains(va)
        ? Optional.of(all.get(low - 1))
        : Optional.empty();
  }

  /** Name of the file that a VAD of this process maps, without its device; NONE if it maps none. */
  public GuestText file(Vad vad) {
    return MappedFiles.of(guest).ofVad(vad);
  }

  /**
   * Kernel VA of the prototype PTE of a page, as Windows finds it when a PTE says "ask the VAD";
   * empty if no VAD has the page, or its VAD maps no section.
   */
  @Override
  public OptionalLong prototypePte(long va) {
    Optional<Vad> vad = at(va);
    if (vad.isEmpty() || vad.get().firstPrototypePte() == 0) {
      return OptionalLong.empty();
    }
    long index = (va - vad.get().start()) / PhysicalMemory.FRAME_BYTES;
    long pte = vad.get().firstPrototypePte() + index * Long.BYTES;
    return Long.compareUnsigned(pte, vad.get().lastContiguousPte()) <= 0
        ? OptionalLong.of(pte)
        : inSubsections(vad.get(), index);
  }

  @Override
  public boolean isDemandZero(long va) {
    Optional<Vad> vad = at(va);
    return vad.isPresent() && vad.get().privateMemory() && vad.get().isCommitted();
  }

  /** Where a section has several subsections, the prototype PTEs of one do not follow another's. */
  private OptionalLong inSubsections(Vad vad, long index) {
    long at = vad.subsection();
    long skip = -1;
    Budget budget = budget(guest);
    for (int i = 0; i < MAX_SUBSECTIONS && guest.isKernelAddress(at); i++) {
      if (budget.subsections-- <= 0) {
        return OptionalLong.empty();
      }
      Struct subsection = guest.struct("SUBSECTION", at);
      OptionalLong first = subsection.u64("SubsectionBase");
      OptionalLong next = subsection.u64("NextSubsection");
      if (first.isEmpty() || next.isEmpty()) {
        return OptionalLong.empty();
      }
      long count = subsection.u32("PtesInSubsection").orElse(0);
      if (skip < 0) {
        long before = vad.firstPrototypePte() - first.getAsLong();
        if (before < 0 || before / Long.BYTES >= count) {
          return OptionalLong.empty();
        }
        skip = before / Long.BYTES + index;
      }
      if (skip < count) {
        return guest.isKernelAddress(first.getAsLong())
            ? OptionalLong.of(first.getAsLong() + skip * Long.BYTES)
            : OptionalLong.empty();
      }
      skip -= count;
      at = next.getAsLong();
    }
    return OptionalLong.empty();
  }
}
