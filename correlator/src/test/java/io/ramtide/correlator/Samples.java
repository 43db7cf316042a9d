package io.ramtide.correlator;

import io.ramtide.schemas.CaptureStatus;
import io.ramtide.schemas.Consistency;
import io.ramtide.schemas.FileTime;
import io.ramtide.schemas.ListStatus;
import io.ramtide.schemas.ProcessFinding;
import io.ramtide.schemas.Summary;
import io.ramtide.schemas.SymbolMatch;
import io.ramtide.schemas.SystemFinding;
import io.ramtide.schemas.View;
import java.time.Instant;
import java.util.List;

/** Findings as a scanner would write them. */
final class Samples {
  static final String DOMAIN = "0b5c1c1e-7d2f-4b60-9a51-3f0e5d2c7a11";
  private static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");

  private Samples() {}

  /** Guest time, this many seconds after noon: 100 ns since 1601 UTC. */
  static long noon(double seconds) {
    return FileTime.ofMicros(micros(seconds));
  }

  /** Host time, this many seconds after noon: microseconds since 1970 UTC. */
  static long micros(double seconds) {
    return NOON.toEpochMilli() * 1000 + Math.round(seconds * 1_000_000);
  }

  /** A listed process; its object's address follows from the PID. */
  static ProcessFinding.Builder process(long pid, String name, Long createTime) {
    return ProcessFinding.newBuilder()
        .setPid(pid)
        .setParentPid(4L)
        .setImageName(name)
        .setCreateTime(createTime)
        .setDirectoryTableBase(0x18_7000L)
        .setObjectVa(0xffff_fa80_0000_0000L + pid * 0x1000)
        .setObjectGpa(0x3f00_0000L + pid * 0x1000)
        .setActiveThreads(3L)
        .setSeenBy(List.of(View.activeList, View.poolScan));
  }

  static ProcessFinding.Builder unlinked(long pid, String name, Long createTime) {
    return process(pid, name, createTime).setSeenBy(List.of(View.poolScan));
  }

  static SystemFinding system() {
    return SystemFinding.newBuilder()
        .setBuild(7601)
        .setKernelBase(0xffff_f800_0280_0000L)
        .setDirectoryTableBase(0x18_7000L)
        .setSymbolTable("windows-7601")
        .setSymbolMatch(SymbolMatch.exact)
        .setFoundBy("self-map")
        .build();
  }

  /** Of a point-in-time capture, decoded and complete. */
  static Summary.Builder summary(int findings, double secondsAfterNoon) {
    return Summary.newBuilder()
        .setStatus(CaptureStatus.DECODED)
        .setFindings(findings)
        .setGuestTime(noon(secondsAfterNoon))
        .setStartedAt(micros(secondsAfterNoon))
        .setEndedAt(micros(secondsAfterNoon + 1))
        .setConsistency(Consistency.POINT_IN_TIME)
        .setActiveList(ListStatus.complete)
        .setUnreadableFrames(0);
  }
}
