package io.ramtide.scanner.windows.process;

import static io.ramtide.scanner.windows.process.ProcessRule.Weight.ANCHORED;
import static io.ramtide.scanner.windows.process.ProcessRule.Weight.ESSENTIAL;
import static io.ramtide.scanner.windows.process.ProcessRule.Weight.EXPECTED;
import static io.ramtide.scanner.windows.process.ProcessRule.Weight.REFERRED_TO;

import io.ramtide.scanner.memory.FrameReader;
import io.ramtide.scanner.paging.PagingMode;
import io.ramtide.scanner.windows.kernel.Kernel;
import io.ramtide.scanner.windows.scan.GuestScan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What makes some bytes a process: every essential rule passes, and either other objects refer to
 * it, or no expected rule fails, it is no copy of an object elsewhere, and it is anchored in the
 * rest of memory - as far as that was captured.
 */
final class ProcessRules {
  /** Handle tables, from which PIDs come, hold at most 2^24 entries; a PID counts in fours. */
  private static final long MAX_PID = 1 << 26;

  private static final long SYSTEM_PID = 4;

  /** 1980-01-01 UTC, the oldest clock a PC starts with, in 100 ns since 1601. */
  private static final long MIN_TIME = 119_600_064_000_000_000L;

  /** A year, in 100 ns: clocks are set back. */
  private static final long CLOCK_SLACK = 366L * 24 * 3600 * 10_000_000;

  /** 2200-01-01 UTC, where the guest's time is not known. */
  private static final long MAX_TIME = 189_026_784_000_000_000L;

  /** Low bits of an EX_FAST_REF are a count. */
  private static final long FAST_REF_COUNT = 0xf;

  static final List<ProcessRule> RULES =
      List.of(
          new ProcessRule("dispatcher header of a process", ESSENTIAL, ProcessRules::header),
          new ProcessRule("page-table root inside RAM", ESSENTIAL, ProcessRules::rootInRam),
          new ProcessRule("PID a bounded multiple of 4", EXPECTED, ProcessRules::pid),
          new ProcessRule("printable name", EXPECTED, ProcessRules::name),
          new ProcessRule("parent PID a bounded multiple of 4", EXPECTED, ProcessRules::parentPid),
          new ProcessRule("plausible create time", EXPECTED, ProcessRules::createTime),
          new ProcessRule("plausible exit time", EXPECTED, ProcessRules::exitTime),
          new ProcessRule("thread lists in kernel space", EXPECTED, ProcessRules::threadLists),
          new ProcessRule("active links in kernel space", EXPECTED, ProcessRules::activeLinks),
          new ProcessRule("token a kernel object or none", EXPECTED, ProcessRules::token),
          new ProcessRule("handle table in kernel space or none", EXPECTED, ProcessRules::handles),
          new ProcessRule("threads that name it", REFERRED_TO, ProcessRules::threads),
          new ProcessRule("neighbours that link to it", REFERRED_TO, ProcessRules::neighbours),
          new ProcessRule("root with the kernel's half", ANCHORED, ProcessRules::root),
          new ProcessRule("at the address it has of itself", ANCHORED, ProcessRules::ownAddress));

  /** What the rules ask about the rest of memory. */
  record Guest(Kernel kernel, FrameReader frames, ProcessReader reader, long ramEnd) {
    boolean isKernel(OptionalLong va) {
      return kernel.isKernelAddress(va.getAsLong());
    }
  }

  /**
   * What the rules say together.
   *
   * @param passed names of the rules that hold
   */
  record Judgement(boolean isProcess, List<String> passed) {}

  private ProcessRules() {}

  /** Whether what is known of a place already rules a process out: an essential rule fails. */
  static boolean excludes(RawProcess head, Guest guest) {
    return header(head, guest) == Verdict.FAIL || rootInRam(head, guest) == Verdict.FAIL;
  }

  static Judgement judge(RawProcess process, Guest guest) {
    List<String> passed = new ArrayList<>();
    if (process.pid().isEmpty()) {
      return new Judgement(false, passed);
    }
    boolean referredTo = false;
    boolean asExpected = true;
    boolean anchored = false;
    boolean asked = false;
    for (ProcessRule rule : RULES) {
      Verdict verdict = rule.check().apply(process, guest);
      if (verdict == Verdict.PASS) {
        passed.add(rule.name());
      }
      switch (rule.weight()) {
        case ESSENTIAL -> {
          if (verdict != Verdict.PASS) {
            return new Judgement(false, passed);
          }
        }
        case EXPECTED -> asExpected &= verdict != Verdict.FAIL;
        case REFERRED_TO -> referredTo |= verdict == Verdict.PASS;
        case ANCHORED -> {
          anchored |= verdict == Verdict.PASS;
          asked |= verdict != Verdict.UNKNOWN;
        }
      }
    }
    boolean standsAlone = asExpected && (anchored || !asked) && !isCopy(process, guest);
    return new Judgement(referredTo || standsAlone, passed);
  }

  private static Verdict header(RawProcess process, Guest guest) {
    return Verdict.of(process.hasProcessHeader());
  }

  private static Verdict rootInRam(RawProcess process, Guest guest) {
    OptionalLong root = process.directoryTableBase();
    return root.isEmpty()
        ? Verdict.UNKNOWN
        : Verdict.of(root.getAsLong() > 0 && root.getAsLong() < guest.ramEnd());
  }

  private static Verdict pid(RawProcess process, Guest guest) {
    return pid(process.pid());
  }

  private static Verdict parentPid(RawProcess process, Guest guest) {
    return pid(process.parentPid());
  }

  private static Verdict pid(OptionalLong pid) {
    return pid.isEmpty()
        ? Verdict.UNKNOWN
        : Verdict.of(pid.getAsLong() >= 0 && pid.getAsLong() < MAX_PID && pid.getAsLong() % 4 == 0);
  }

  private static Verdict name(RawProcess process, Guest guest) {
    Optional<String> name = process.imageName();
    // Bytes above ASCII are letters in some code page.
    return Verdict.of(
        name.isPresent()
            && !name.get().isEmpty()
            && name.get().chars().allMatch(c -> c >= ' ' && c != 0x7f));
  }

  private static Verdict createTime(RawProcess process, Guest guest) {
    OptionalLong time = process.createTime();
    boolean atBoot = process.pid().orElse(-1) <= SYSTEM_PID;
    return time.isEmpty()
        ? Verdict.UNKNOWN
        : Verdict.of((atBoot && time.getAsLong() == 0) || isTime(time.getAsLong(), guest));
  }

  private static Verdict exitTime(RawProcess process, Guest guest) {
    OptionalLong exit = process.exitTime();
    return exit.isEmpty()
        ? Verdict.UNKNOWN
        : Verdict.of(exit.getAsLong() == 0 || isTime(exit.getAsLong(), guest));
  }

  private static boolean isTime(long time, Guest guest) {
    OptionalLong now = guest.kernel().guestTime();
    return time >= MIN_TIME && time <= (now.isPresent() ? now.getAsLong() + CLOCK_SLACK : MAX_TIME);
  }

  private static Verdict threadLists(RawProcess process, Guest guest) {
    return both(
        listHead(process, process.layout().kernelThreadList(), guest),
        listHead(process, process.layout().threadList(), guest));
  }

  private static Verdict activeLinks(RawProcess process, Guest guest) {
    // Idle is on no list: its links are zero.
    OptionalLong next = process.qword(process.layout().activeLinks());
    boolean unlinked = process.pid().equals(OptionalLong.of(0)) && next.orElse(-1) == 0;
    return unlinked ? Verdict.PASS : listHead(process, process.layout().activeLinks(), guest);
  }

  private static Verdict listHead(RawProcess process, int offset, Guest guest) {
    OptionalLong next = process.qword(offset);
    OptionalLong previous = process.qword(offset + Long.BYTES);
    return next.isEmpty() || previous.isEmpty()
        ? Verdict.UNKNOWN
        : Verdict.of(guest.isKernel(next) && guest.isKernel(previous));
  }

  private static Verdict both(Verdict one, Verdict other) {
    if (one == Verdict.FAIL || other == Verdict.FAIL) {
      return Verdict.FAIL;
    }
    return one == other ? one : Verdict.UNKNOWN;
  }

  private static Verdict token(RawProcess process, Guest guest) {
    OptionalLong token = process.qword(process.layout().token());
    return token.isEmpty()
        ? Verdict.UNKNOWN
        : kernelOrNull(token.getAsLong() & ~FAST_REF_COUNT, guest);
  }

  private static Verdict handles(RawProcess process, Guest guest) {
    OptionalLong table = process.qword(process.layout().objectTable());
    return table.isEmpty() ? Verdict.UNKNOWN : kernelOrNull(table.getAsLong(), guest);
  }

  private static Verdict kernelOrNull(long pointer, Guest guest) {
    return Verdict.of(pointer == 0 || guest.kernel().isKernelAddress(pointer));
  }

  /** The first thread's list entry points back at the list, and the thread at the process. */
  private static Verdict threads(RawProcess process, Guest guest) {
    int offset = process.layout().threadList();
    OptionalLong first = process.qword(offset);
    if (process.va().isEmpty() || first.isEmpty()) {
      return Verdict.UNKNOWN;
    }
    long head = process.va().getAsLong() + offset;
    if (first.getAsLong() == head) {
      return Verdict.UNKNOWN;
    }
    long thread = first.getAsLong() - process.layout().threadLink();
    OptionalLong back = guest.kernel().space().qword(first.getAsLong() + Long.BYTES);
    OptionalLong owner = guest.kernel().space().qword(thread + process.layout().threadProcess());
    return back.isEmpty() || owner.isEmpty()
        ? Verdict.UNKNOWN
        : Verdict.of(back.getAsLong() == head && owner.getAsLong() == process.va().getAsLong());
  }

  private static Verdict neighbours(RawProcess process, Guest guest) {
    int offset = process.layout().activeLinks();
    OptionalLong next = process.qword(offset);
    if (process.va().isEmpty() || next.isEmpty()) {
      return Verdict.UNKNOWN;
    }
    long links = process.va().getAsLong() + offset;
    if (next.getAsLong() == links) {
      return Verdict.UNKNOWN;
    }
    OptionalLong back = guest.kernel().space().qword(next.getAsLong() + Long.BYTES);
    return back.isEmpty() ? Verdict.UNKNOWN : Verdict.of(back.getAsLong() == links);
  }

  /** The root refers to itself where the kernel's does, or has its KUSER_SHARED_DATA. */
  private static Verdict root(RawProcess process, Guest guest) {
    OptionalLong root = process.directoryTableBase();
    if (root.isEmpty() || guest.frames().frame(root.getAsLong()).isEmpty()) {
      return Verdict.UNKNOWN;
    }
    PagingMode mode = guest.kernel().space().mode();
    PagingMode.Level top = mode.levels().get(0);
    int shared = (int) (GuestScan.USER_SHARED_DATA >>> top.shift()) & ((1 << top.bits()) - 1);
    long kernelRoot = guest.kernel().space().tables().root();
    long own = entry(guest, root.getAsLong(), guest.kernel().selfMapIndex());
    long sharedEntry = entry(guest, root.getAsLong(), shared);
    return Verdict.of(
        (own & mode.addressMask()) == root.getAsLong()
            || (sharedEntry != 0 && sharedEntry == entry(guest, kernelRoot, shared)));
  }

  private static long entry(Guest guest, long root, int index) {
    if (index < 0) {
      return 0;
    }
    long entry = guest.frames().qword(root + (long) index * PagingMode.ENTRY_BYTES).orElse(0);
    PagingMode mode = guest.kernel().space().mode();
    return (entry & mode.presentBit()) == 0 ? 0 : entry & mode.addressMask();
  }

  private static Verdict ownAddress(RawProcess process, Guest guest) {
    OptionalLong own = guest.reader().ownAddress(process);
    return own.isEmpty() || process.va().isEmpty()
        ? Verdict.UNKNOWN
        : Verdict.of(own.equals(process.va()));
  }

  /** Whether the address it has of itself holds something else: an old or copied page. */
  private static boolean isCopy(RawProcess process, Guest guest) {
    OptionalLong own = guest.reader().ownAddress(process);
    if (own.isEmpty()) {
      return false;
    }
    OptionalLong there = guest.kernel().space().gpa(own.getAsLong());
    return there.isPresent() && there.getAsLong() != process.gpa();
  }
}
