package io.ramtide.acquirer.agent.budget;

import java.lang.management.ManagementFactory;
import java.util.function.LongSupplier;

/**
 * Keeps this process to its limits: whoever works asks before each step, and waits here. Shared by
 * all threads.
 */
public final class Budget {
  private final LongSupplier nanoTime;
  private final LongSupplier cpuNanos;
  private final TokenBucket cpu;
  private final TokenBucket bandwidth;
  private long cpuSeen;
  private long sentBytes;
  private long waitedNanos;

  public Budget(Limits limits) {
    this(limits, System::nanoTime, Budget::processCpuNanos);
  }

  /**
   * @param cpuNanos processor time of this process so far, all threads
   */
  Budget(Limits limits, LongSupplier nanoTime, LongSupplier cpuNanos) {
    this.nanoTime = nanoTime;
    this.cpuNanos = cpuNanos;
    long now = nanoTime.getAsLong();
    cpu =
        limits.cpuPercent().isPresent()
            ? new TokenBucket(limits.cpuPercent().getAsDouble() / 100 * 1e9, now)
            : null;
    bandwidth =
        limits.bytesPerSecond().isPresent()
            ? new TokenBucket((double) limits.bytesPerSecond().getAsLong(), now)
            : null;
    cpuSeen = cpu == null ? 0 : cpuNanos.getAsLong();
  }

  /**
   * How long to wait, in nanoseconds, for the processor time that was used up to now. Whoever waits
   * must ask again: others may have used more meanwhile.
   */
  public synchronized long owedForCpu() {
    if (cpu == null) {
      return 0;
    }
    long used = cpuNanos.getAsLong();
    long wait = cpu.take((double) Math.max(0, used - cpuSeen), nanoTime.getAsLong());
    cpuSeen = Math.max(used, cpuSeen);
    return wait;
  }

  /** Counts bytes that are about to be sent, and tells how long to wait before, in nanoseconds. */
  public synchronized long owedForSending(long bytes) {
    sentBytes += bytes;
    return bandwidth == null ? 0 : bandwidth.take(bytes, nanoTime.getAsLong());
  }

  /** Tells how long somebody waited, for the metrics. */
  public synchronized void waited(long nanos) {
    waitedNanos += nanos;
  }

  /** Everything that was sent, before compression. */
  public synchronized long sentBytes() {
    return sentBytes;
  }

  /** Time that the limits cost, summed over threads. */
  public synchronized long waitedNanos() {
    return waitedNanos;
  }

  /** Processor time of this process since it began; 0 where the JVM does not tell. */
  public static long processCpuNanos() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean bean
        ? Math.max(0, bean.getProcessCpuTime())
        : 0;
  }
}
