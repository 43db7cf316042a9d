package io.ramtide.acquirer.live.moment;

import io.ramtide.acquirer.qemu.Monitor;
import java.io.IOException;
import java.util.Map;

/** QEMU's limit max-bandwidth, put back afterwards: libvirt's snapshot leaves it raised. */
final class MigrationBandwidth {
  private static final String LIMIT = "max-bandwidth";

  private final Monitor monitor;
  private final long bytesPerSecond;

  private MigrationBandwidth(Monitor monitor, long bytesPerSecond) {
    this.monitor = monitor;
    this.bytesPerSecond = bytesPerSecond;
  }

  static MigrationBandwidth of(Monitor monitor) throws IOException {
    return new MigrationBandwidth(monitor, now(monitor));
  }

  private static long now(Monitor monitor) throws IOException {
    return monitor.execute("query-migrate-parameters", Map.of()).path(LIMIT).asLong();
  }

  /** Puts it back. */
  void restore() throws IOException {
    if (now(monitor) != bytesPerSecond) {
      monitor.execute("migrate-set-parameters", Map.of(LIMIT, bytesPerSecond));
    }
  }
}
