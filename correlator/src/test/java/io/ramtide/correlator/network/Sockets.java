package io.ramtide.correlator.network;

import io.ramtide.schemas.EndpointFinding;
import io.ramtide.schemas.FileTime;
import io.ramtide.schemas.View;
import java.time.Instant;
import java.util.List;

/** Endpoints as a scanner would tell them. A slot is a place in pool memory. */
public final class Sockets {
  public static final String GUEST = "10.0.0.5";
  public static final String SERVER = "203.0.113.7";
  public static final long PID = 120;
  private static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");

  private Sockets() {}

  /** Guest time, this many seconds after noon: 100 ns since 1601 UTC. */
  public static long noon(double seconds) {
    return FileTime.ofMicros(micros(seconds));
  }

  static long micros(double seconds) {
    return NOON.toEpochMilli() * 1000 + Math.round(seconds * 1_000_000);
  }

  public static EndpointFinding.Builder connection(int slot, int port, String state, Long made) {
    return endpoint(slot, "TCP", made)
        .setLocalAddress(GUEST)
        .setLocalPort(port)
        .setRemoteAddress(SERVER)
        .setRemotePort(443)
        .setState(state);
  }

  /** Has no owner, and its time is that of the block. */
  public static EndpointFinding.Builder timeWait(int slot, int port, Long made) {
    return connection(slot, port, "TIME_WAIT", made)
        .setPid(null)
        .setProcessName(null)
        .setOwnerVa(null);
  }

  public static EndpointFinding.Builder listener(int slot, int port, Long made) {
    return endpoint(slot, "TCP", made)
        .setLocalAddress("0.0.0.0")
        .setLocalPort(port)
        .setState("LISTENING");
  }

  public static EndpointFinding.Builder udp(int slot, int port, Long made) {
    return endpoint(slot, "UDP", made).setLocalAddress("0.0.0.0").setLocalPort(port);
  }

  private static EndpointFinding.Builder endpoint(int slot, String protocol, Long made) {
    return EndpointFinding.newBuilder()
        .setProtocol(protocol)
        .setIpVersion(4)
        .setLocalPort(0)
        .setPid(PID)
        .setProcessName("evil.exe")
        .setOwnerVa(processVa(PID))
        .setCreateTime(made)
        .setObjectVa(0xffff_8a01_0000_0000L + slot * 0x400L)
        .setObjectGpa(0x2000_0000L + slot * 0x400L)
        .setSeenBy(List.of(View.poolScan));
  }

  /** VA of a process's EPROCESS. */
  public static long processVa(long pid) {
    return 0xffff_fa80_0000_0000L + pid * 0x1000;
  }
}
