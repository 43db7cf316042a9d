package io.ramtide.acquirer.agent;

import io.ramtide.acquirer.libvirt.GuestEvent;
import io.ramtide.acquirer.libvirt.HypervisorFacts;
import io.ramtide.acquirer.live.LiveGuest;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A hypervisor whose guests a test starts and stops, and which it can take away. */
final class FakeHost implements Host.Connector {
  final List<LiveGuest> running = new CopyOnWriteArrayList<>();
  final AtomicInteger connections = new AtomicInteger();
  final AtomicInteger looks = new AtomicInteger();
  private volatile int lost;
  private volatile boolean away;
  private volatile Consumer<GuestEvent> listener = event -> {};

  FakeHost(FakeGuest... guests) {
    running.addAll(List.of(guests));
  }

  void start(FakeGuest guest) {
    running.add(guest);
    listener.accept(new GuestEvent.Started(guest.uuid(), guest.name()));
  }

  void stop(FakeGuest guest, GuestEvent.Reason reason) {
    running.remove(guest);
    listener.accept(new GuestEvent.Stopped(guest.uuid(), guest.name(), reason));
  }

  void reboot(FakeGuest guest) {
    listener.accept(new GuestEvent.Rebooted(guest.uuid(), guest.name()));
  }

  /** The connection in use is of no use any more, and there is no other until it is back. */
  void lose() {
    away = true;
    lost = connections.get();
    listener.accept(new GuestEvent.ConnectionLost("it was killed"));
  }

  void comeBack() {
    away = false;
  }

  @Override
  public Host connect(String uri, Consumer<GuestEvent> events) throws IOException {
    if (away) {
      throw new IOException("nothing answers");
    }
    listener = events;
    int number = connections.incrementAndGet();
    return new Host() {
      @Override
      public HypervisorFacts facts() {
        return new HypervisorFacts("Fake", Optional.of("1"), "9", "host", Optional.empty());
      }

      @Override
      public boolean isLocal() {
        return true;
      }

      @Override
      public boolean isAlive() {
        return number > lost;
      }

      @Override
      public List<LiveGuest> guests() throws IOException {
        looks.incrementAndGet();
        if (!isAlive()) {
          throw new IOException("lost");
        }
        return List.copyOf(running);
      }

      @Override
      public void close() {}
    };
  }
}
