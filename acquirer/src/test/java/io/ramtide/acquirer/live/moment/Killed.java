package io.ramtide.acquirer.live.moment;

import io.ramtide.acquirer.libvirt.Hypervisor;
import io.ramtide.acquirer.libvirt.LibvirtGuest;
import io.ramtide.acquirer.live.LiveGuest;
import io.ramtide.acquirer.live.Method;
import io.ramtide.acquirer.live.MethodOptions;
import io.ramtide.acquirer.live.choice.Methods;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** A process that is in the middle of a capture until it is killed. */
final class Killed {
  static final String READY = "in the middle";

  private Killed() {}

  /** Takes the connection's URI, the guest's UUID, the folder, and the method. */
  public static void main(String[] arguments) throws Exception {
    MethodOptions options = new MethodOptions(Path.of(arguments[2]), Duration.ofMinutes(5));
    try (Hypervisor hypervisor = Hypervisor.connect(arguments[0])) {
      LibvirtGuest guest = hypervisor.find(UUID.fromString(arguments[1])).orElseThrow();
      if (Method.valueOf(arguments[3]) == Method.PAUSED) {
        Methods.choose(guest, Optional.of(Method.PAUSED), options).open();
        await();
      } else {
        snapshot(guest, options.folder());
      }
    }
  }

  /** As {@link BackgroundSnapshot} does, up to the first bytes of the stream. */
  @SuppressWarnings("try")
  private static void snapshot(LiveGuest guest, Path folder) throws IOException {
    try (SnapshotCapability on = SnapshotCapability.on(guest, folder);
        MigrationSocket socket = MigrationSocket.listen(folder, guest.uuid(), guest.pid())) {
      guest.monitor().execute("migrate", Map.of("uri", socket.uri()));
      while (!socket.accept(Duration.ofSeconds(1))) {
        // QEMU connects in its own time.
      }
      for (int part = 0; part < 16; part++) {
        socket.read(ByteBuffer.allocate(1 << 16));
      }
      await();
    }
  }

  private static void await() throws IOException {
    System.out.println(READY);
    if (System.in.read() < 0) {
      throw new IOException("nobody killed this process");
    }
  }
}
