package io.ramtide.scanner.windows.thread;

import io.ramtide.scanner.windows.guest.Guest;
import java.util.OptionalLong;

/**
 * What makes some bytes a thread: the header of one, a process in kernel space, and either
 * neighbours on one of its lists that link to it, or links, IDs and create time as a thread has
 * them, and an anchor: it is at the address it has of itself, or the process it names has its PID.
 * What could not be read counts neither way.
 */
final class ThreadRules {
  /** Handle tables, from which IDs come, hold at most 2^24 entries; an ID counts in fours. */
  private static final long MAX_ID = 1 << 26;

  /** 1980-01-01 UTC, the oldest clock a PC starts with, in 100 ns since 1601. */
  private static final long MIN_TIME = 119_600_064_000_000_000L;

  /** 2200-01-01 UTC. */
  private static final long MAX_TIME = 189_026_784_000_000_000L;

  private static final int PROCESS_TYPE = 3;
  private static final int ALIGNMENT = 16;

  private final Guest guest;
  private final ThreadReader reader;
  private final ThreadLayout layout;

  ThreadRules(Guest guest, ThreadReader reader) {
    this.guest = guest;
    this.reader = reader;
    this.layout = reader.layout();
  }

  /** Whether a place that only looks like a thread is one. */
  boolean isThread(RawThread thread) {
    OptionalLong process = thread.process();
    if (!thread.hasThreadHeader() || process.isEmpty() || !isObject(process.getAsLong())) {
      return false;
    }
    if (isLinked(thread, layout.processLink()) || isLinked(thread, layout.schedulerLink())) {
      return true;
    }
    return isAsExpected(thread) && !isCopy(thread) && isAnchored(thread);
  }

  private boolean isObject(long va) {
    return guest.isKernelAddress(va) && va % ALIGNMENT == 0;
  }

  /** Both neighbours on a ring lead back to it. */
  private boolean isLinked(RawThread thread, int link) {
    OptionalLong next = thread.qword(link);
    OptionalLong previous = thread.qword(link + Long.BYTES);
    if (thread.va().isEmpty() || next.isEmpty() || previous.isEmpty()) {
      return false;
    }
    long entry = thread.va().getAsLong() + link;
    return next.getAsLong() != entry
        && guest.isKernelAddress(next.getAsLong())
        && guest.isKernelAddress(previous.getAsLong())
        && guest.space().qword(next.getAsLong() + Long.BYTES).orElse(0) == entry
        && guest.space().qword(previous.getAsLong()).orElse(0) == entry;
  }

  private boolean isAsExpected(RawThread thread) {
    return isId(thread.tid())
        && isId(thread.pid())
        && thread.tid().orElse(1) != 0
        && isLink(thread, layout.processLink())
        && isLink(thread, layout.schedulerLink())
        && isTimeOrNone(thread.createTime());
  }

  private static boolean isId(OptionalLong id) {
    return id.isEmpty()
        || (id.getAsLong() >= 0 && id.getAsLong() < MAX_ID && id.orElse(0) % 4 == 0);
  }

  /** A thread that has ended is on no list: its links are zero, or as they were. */
  private boolean isLink(RawThread thread, int link) {
    OptionalLong next = thread.qword(link);
    return next.isEmpty() || next.getAsLong() == 0 || guest.isKernelAddress(next.getAsLong());
  }

  private static boolean isTimeOrNone(OptionalLong time) {
    return time.isEmpty()
        || time.getAsLong() == 0
        || (time.getAsLong() >= MIN_TIME && time.getAsLong() <= MAX_TIME);
  }

  private boolean isAnchored(RawThread thread) {
    OptionalLong own = reader.ownAddress(thread);
    return (own.isPresent() && (thread.va().isEmpty() || own.equals(thread.va())))
        || isOfItsProcess(thread);
  }

  /** The process that it names is one, and has the PID that the thread has. */
  private boolean isOfItsProcess(RawThread thread) {
    long process = thread.process().orElseThrow();
    OptionalLong header = guest.space().dword(process);
    OptionalLong pid = guest.space().qword(process + layout.processPid());
    return (header.orElse(0) & 0xff) == PROCESS_TYPE && pid.isPresent() && pid.equals(thread.pid());
  }

  /** Whether the address it has of itself holds something else: an old or copied page. */
  private boolean isCopy(RawThread thread) {
    OptionalLong own = reader.ownAddress(thread);
    if (own.isEmpty() || thread.gpa().isEmpty()) {
      return false;
    }
    OptionalLong there = guest.space().gpa(own.getAsLong());
    return there.isPresent() && there.getAsLong() != thread.gpa().getAsLong();
  }
}
