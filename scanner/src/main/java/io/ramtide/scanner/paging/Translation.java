package io.ramtide.scanner.paging;

import io.ramtide.scanner.memory.FrameStatus;

/** What the page tables say of one virtual address. */
public sealed interface Translation {
  long va();

  /** For people: why there is nothing to read, or where it is. */
  String text();

  /** In two or three words, why there is nothing to read: "paged out", "not captured", ... */
  String status();

  /**
   * @param gpa of the byte at {@code va}
   * @param pageBytes 4 KiB, 2 MiB or 1 GiB
   * @param how VALID, or TRANSITION: the entry, or prototype PTE, that gives the frame
   * @param isShared whether a prototype PTE gives it
   */
  record Mapped(long va, long gpa, long pageBytes, PteState how, boolean isShared)
      implements Translation {
    /** By a valid entry. */
    public Mapped(long va, long gpa, long pageBytes) {
      this(va, gpa, pageBytes, PteState.VALID, false);
    }

    @Override
    public String text() {
      return "mapped at 0x%x".formatted(gpa);
    }

    @Override
    public String status() {
      return "readable";
    }
  }

  /** Zeros by demand: the page has no frame yet, and reads as zeros. */
  record Zeros(long va) implements Translation {
    @Override
    public String text() {
      return "page " + PteState.DEMAND_ZERO.text();
    }

    @Override
    public String status() {
      return PteState.DEMAND_ZERO.status();
    }
  }

  /**
   * The operating system keeps the page, or a table on the way to it, elsewhere.
   *
   * @param level of the entry that says so, e.g. PDE, or "prototype PTE"
   */
  record NotResident(long va, SoftwarePte pte, String level) implements Translation {
    public PteState state() {
      return pte.state();
    }

    @Override
    public String text() {
      return "page %s (%s)".formatted(pte.text(), level);
    }

    @Override
    public String status() {
      return pte.state().status();
    }
  }

  /**
   * The page is behind a prototype PTE that cannot be read.
   *
   * @param prototype VA of the prototype PTE
   * @param why it cannot be read
   */
  record PrototypeMissing(long va, long prototype, Translation why) implements Translation {
    @Override
    public String text() {
      return "page behind a prototype PTE at 0x%x: %s".formatted(prototype, why.text());
    }

    @Override
    public String status() {
      return "prototype PTE " + why.status();
    }
  }

  /**
   * The frame of a table, or the page itself, is not in the capture.
   *
   * @param what the table's level, or "page"
   */
  record NotCaptured(long va, long gpa, FrameStatus frame, String what) implements Translation {
    @Override
    public String text() {
      String which = what.equals("page") ? "page" : "page table of its " + what;
      return frame == FrameStatus.UNREADABLE
          ? "%s could not be read (frame 0x%x)".formatted(which, gpa)
          : "%s not captured (frame 0x%x)".formatted(which, gpa);
    }

    @Override
    public String status() {
      return frame == FrameStatus.UNREADABLE ? "could not be read" : "not captured";
    }
  }

  /** No address that this paging mode can hold. */
  record NotCanonical(long va) implements Translation {
    @Override
    public String text() {
      return "not a canonical address";
    }

    @Override
    public String status() {
      return "no valid address";
    }
  }
}
