package io.ramtide.bench.live;

import io.ramtide.cli.broker.BrokerLink;
import io.ramtide.cli.data.DataFolder;
import io.ramtide.testkit.SimulatedGuest;
import io.ramtide.testkit.lab.Lab;
import io.ramtide.testkit.lab.LabGuest;
import io.ramtide.testkit.lab.WindowsInGuest;
import io.ramtide.testkit.ram.RamRange;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/** A QEMU guest under a private libvirtd, whose processor runs and writes. */
final class QemuMachine implements Machine {
  private final Lab lab;
  private final LabGuest machine;
  private final WindowsInGuest windows;
  private final Filler filler;

  /**
   * @param own RAM that Windows knows of, from 0 on, bytes
   * @param windows boots it with these ranges of RAM
   */
  QemuMachine(int mib, long own, Function<List<RamRange>, SimulatedGuest> windows)
      throws IOException {
    lab = Lab.start();
    try {
      machine = lab.guest("bench-live").memoryMib(mib).start();
      List<RamRange> ram =
          machine.ram().ranges().stream()
              .map(r -> new RamRange(r.start(), Math.min(r.end(), own) - r.start()))
              .toList();
      this.windows = WindowsInGuest.install(machine, windows.apply(ram));
      filler = new Filler(own, (long) mib << 20, machine.ram()::write);
    } catch (IOException | RuntimeException e) {
      lab.close();
      throw e;
    }
  }

  @Override
  public String what() {
    return "a QEMU guest (memfd) that `Agent` captures through libvirt, by shared-memory";
  }

  @Override
  public SimulatedGuest guest() {
    return windows.windows();
  }

  @Override
  public long flush() throws IOException {
    windows.catchUp();
    return System.nanoTime();
  }

  @Override
  public void work(int pages) throws IOException {
    filler.change(pages);
  }

  @Override
  public Captures capture(BrokerLink broker, DataFolder data, Duration interval) throws Exception {
    return new AgentCaptures(broker, data, lab, machine.name(), interval);
  }

  @Override
  public void close() {
    lab.close();
  }
}
