package io.ramtide.testkit.windows.image;

import io.ramtide.testkit.windows.JsonFacts;
import io.ramtide.testkit.windows.KernelSpace;
import io.ramtide.testkit.windows.Struct;
import java.nio.charset.StandardCharsets;

/** KUSER_SHARED_DATA: clocks and version, one page seen by the kernel and by every process. */
public final class SharedUserData {

  private static final String SYSTEM_ROOT = "C:\\Windows\0";
  private static final int TICK = 156250; // 100 ns units: 64 ticks a second

  private final KernelSpace space;
  private final Struct data;
  private final long bootTime;

  public SharedUserData(KernelSpace space, long bootTime) {
    this.space = space;
    this.bootTime = bootTime;
    this.data = space.struct("_KUSER_SHARED_DATA", KernelSpace.SHARED_USER_DATA);
  }

  public void write(int cookie) {
    JsonFacts release = space.facts.release();
    long frames = space.ram.ranges().stream().mapToLong(range -> range.length() >>> 12).sum();
    data.bytes("NtSystemRoot", SYSTEM_ROOT.getBytes(StandardCharsets.UTF_16LE))
        .u32("NtProductType", 1) // NtProductWinNt
        .u8("ProductTypeIsValid", 1)
        .u32("NtMajorVersion", (int) release.number("/majorVersion"))
        .u32("NtMinorVersion", (int) release.number("/minorVersion"))
        .u32("TickCountMultiplier", 0x0fa00000)
        .u32("NumberOfPhysicalPages", (int) frames)
        .u32("Reserved1", 0x7ffeffff) // highest user and first system address of 32-bit Windows
        .u32("Reserved3", 0x80000000)
        .u32("Cookie", cookie);
    if (data.has("NtBuildNumber")) {
      data.u32("NtBuildNumber", space.facts.build());
    }
    if (data.has("NativeProcessorArchitecture")) {
      data.u16("NativeProcessorArchitecture", 9);
    }
  }

  /** Sets the guest's clock, a FILETIME. */
  public void time(long now) {
    data.systemTime("InterruptTime", now - bootTime)
        .systemTime("SystemTime", now)
        .systemTime("TickCount", (now - bootTime) / TICK);
  }
}
