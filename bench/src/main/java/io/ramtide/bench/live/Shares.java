package io.ramtide.bench.live;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.LinkedHashMap;
import java.util.Map;

/** Processor time of each role in this JVM, told by the names of its threads. */
final class Shares {
  private static final Map<String, String> ROLES = new LinkedHashMap<>();

  static {
    ROLES.put("bench", "the bench and its guest");
    ROLES.put("acquirer", "acquirer");
    ROLES.put("ramtide-merkle", "acquirer");
    ROLES.put("scanner", "scanner");
    ROLES.put("correlator", "correlator");
    ROLES.put("", "broker");
  }

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final OperatingSystemMXBean process =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private final Map<String, Long> before = nanos();
  private final long begun = System.nanoTime();

  /** Percent of one processor by role, since this was made. */
  Map<String, Double> percent() {
    double passed = System.nanoTime() - begun;
    Map<String, Double> shares = new LinkedHashMap<>();
    nanos().forEach((role, used) -> shares.put(role, 100 * (used - before.get(role)) / passed));
    return shares;
  }

  private Map<String, Long> nanos() {
    Map<String, Long> used = new LinkedHashMap<>();
    ROLES.values().forEach(role -> used.put(role, 0L));
    long all = 0;
    for (long id : threads.getAllThreadIds()) {
      ThreadInfo info = threads.getThreadInfo(id);
      long cpu = threads.getThreadCpuTime(id);
      if (info != null && cpu > 0) {
        used.merge(role(info.getThreadName()), cpu, Long::sum);
        all += cpu;
      }
    }
    used.put("the JVM itself: compiler, collector; RocksDB", process.getProcessCpuTime() - all);
    return used;
  }

  private static String role(String thread) {
    return ROLES.entrySet().stream()
        .filter(role -> thread.contains(role.getKey()))
        .findFirst()
        .orElseThrow()
        .getValue();
  }
}
