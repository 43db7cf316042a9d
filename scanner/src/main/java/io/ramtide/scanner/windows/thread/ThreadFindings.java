package io.ramtide.scanner.windows.thread;

import io.ramtide.scanner.paging.Translation;
import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.GuestProcess;
import io.ramtide.scanner.windows.guest.GuestText;
import io.ramtide.schemas.ThreadFinding;
import io.ramtide.schemas.View;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.LongFunction;

/** Turns threads as they are in memory into findings. */
final class ThreadFindings {
  private final Guest guest;
  private final ThreadLayout layout;
  private final LongFunction<GuestText> kernelModules;
  private final BiFunction<Guest, GuestProcess, LongFunction<GuestText>> userModules;
  private final Map<Long, GuestProcess> processes = new HashMap<>();
  private final Map<GuestProcess, LongFunction<GuestText>> modules = new HashMap<>();

  ThreadFindings(
      Guest guest,
      Collection<GuestProcess> processes,
      LongFunction<GuestText> kernelModules,
      BiFunction<Guest, GuestProcess, LongFunction<GuestText>> userModules) {
    this.guest = guest;
    this.layout = ThreadLayout.of(guest.layout());
    this.kernelModules = kernelModules;
    this.userModules = userModules;
    for (GuestProcess process : processes) {
      process.va().ifPresent(va -> this.processes.put(va, process));
    }
  }

  /** The finding of a thread whose IDs can be read. */
  ThreadFinding of(RawThread thread, Set<View> views) {
    GuestText module = startModule(thread);
    OptionalInt state = thread.state();
    boolean waits = state.orElse(-1) == RawThread.STATE_WAITING && thread.waitReason().isPresent();
    return ThreadFinding.newBuilder()
        .setTid(thread.tid().orElseThrow())
        .setPid(thread.pid().orElseThrow())
        .setProcessVa(orNull(thread.process()))
        .setStartAddress(zeroToNull(thread.startAddress()))
        .setStartModule(module.value())
        .setStartModuleStatus(module.status())
        .setCreateTime(zeroToNull(thread.createTime()))
        .setExitTime(zeroToNull(thread.exitTime()))
        .setState(state.isPresent() ? ThreadNames.state(state.getAsInt()) : null)
        .setWaitReason(waits ? ThreadNames.waitReason(thread.waitReason().getAsInt()) : null)
        .setTebVa(zeroToNull(thread.teb()))
        .setObjectVa(orNull(thread.va()))
        .setObjectGpa(orNull(thread.gpa()))
        .setSeenBy(List.copyOf(views))
        .build();
  }

  private GuestText startModule(RawThread thread) {
    OptionalLong start = thread.startAddress();
    if (start.isEmpty()) {
      return GuestText.missing(why(thread));
    }
    if (start.getAsLong() == 0) {
      return GuestText.NONE;
    }
    if (guest.isKernelAddress(start.getAsLong())) {
      return kernelModules.apply(start.getAsLong());
    }
    GuestProcess process = processes.get(thread.process().orElse(0));
    if (process == null) {
      return GuestText.missing("its process is not known");
    }
    boolean isReused = thread.hasEnded() && process.pid() != thread.pid().orElseThrow();
    if (process.hasExited() || isReused) {
      return GuestText.missing("its process has exited");
    }
    return modules
        .computeIfAbsent(process, its -> userModules.apply(guest, its))
        .apply(start.getAsLong());
  }

  private String why(RawThread thread) {
    if (thread.va().isEmpty()) {
      return "its page is not known";
    }
    long field = thread.va().getAsLong() + layout.win32StartAddress();
    Translation where = guest.space().locate(field);
    return where.status();
  }

  private static Long orNull(OptionalLong value) {
    return value.isPresent() ? value.getAsLong() : null;
  }

  private static Long zeroToNull(OptionalLong value) {
    return value.orElse(0) == 0 ? null : value.getAsLong();
  }
}
