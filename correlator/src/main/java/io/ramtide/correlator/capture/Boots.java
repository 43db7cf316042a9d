package io.ramtide.correlator.capture;

import io.ramtide.correlator.state.Boot;
import io.ramtide.schemas.ProcessFinding;
import io.ramtide.schemas.View;

/**
 * Which boot of a guest a capture shows. The System process is created with the kernel and lives as
 * long, so its create time names a boot; where it is not known, the place of the kernel does.
 */
public final class Boots {
  private static final long SYSTEM = 4;

  private Boots() {}

  /** Of a decoded capture. */
  public static Boot of(Capture capture) {
    Long base = capture.system() == null ? null : (Long) capture.system().getKernelBase();
    return new Boot(time(capture), base);
  }

  /** Only one on the active list: a remnant of an earlier boot may be found by a scan. */
  private static Long time(Capture capture) {
    return capture.processes().stream()
        .filter(each -> each.getPid() == SYSTEM && each.getExitTime() == null)
        .filter(each -> each.getCreateTime() != null && each.getSeenBy().contains(View.activeList))
        .findFirst()
        .map(ProcessFinding::getCreateTime)
        .orElse(null);
  }

  /**
   * Whether two captures are of different boots.
   *
   * @param before null if there is none
   */
  public static boolean differ(Boot before, Boot now) {
    if (before == null) {
      return false;
    }
    if (before.getTime() != null && now.getTime() != null) {
      return !before.getTime().equals(now.getTime());
    }
    return before.getKernelBase() != null
        && now.getKernelBase() != null
        && !before.getKernelBase().equals(now.getKernelBase());
  }

  /** What is known of one boot after another capture of it. */
  public static Boot merge(Boot before, Boot now) {
    return new Boot(
        now.getTime() != null || before == null ? now.getTime() : before.getTime(),
        now.getKernelBase() != null || before == null
            ? now.getKernelBase()
            : before.getKernelBase());
  }
}
