package io.ramtide.acquirer.live.seen;

import io.ramtide.acquirer.live.LiveGuest;
import io.ramtide.acquirer.live.Method;
import io.ramtide.acquirer.source.MachineFacts;
import io.ramtide.acquirer.source.MemoryRange;
import io.ramtide.acquirer.source.MemorySource;
import io.ramtide.acquirer.source.Ranges;
import io.ramtide.acquirer.source.SourceDescription;
import io.ramtide.schemas.Consistency;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** One capture by guest-physical address through the hypervisor, while the guest runs. */
abstract class SeenSource implements MemorySource {
  private final Method method;
  private final LiveGuest guest;
  private final SeenRam seen;
  private final List<String> warnings;
  private final List<MemoryRange> data;

  SeenSource(Method method, LiveGuest guest, SeenRam seen) {
    this.method = method;
    this.guest = guest;
    this.seen = seen;
    warnings = new ArrayList<>(seen.warnings());
    data = seen.visible();
  }

  /** Fills the target with what is at an address now. */
  abstract void fetch(long gpa, ByteBuffer target) throws IOException;

  @Override
  public final SourceDescription description() {
    return new SourceDescription(
        method.text(),
        guest.name(),
        OptionalLong.empty(),
        OptionalLong.empty(),
        Consistency.LIVE,
        warnings);
  }

  @Override
  public final List<MemoryRange> ram() {
    return seen.layout().ram();
  }

  @Override
  public final List<MemoryRange> data() {
    return data;
  }

  @Override
  public final List<MemoryRange> unreadable() {
    return seen.hidden();
  }

  @Override
  public final List<Long> cr3s() {
    return seen.cr3s();
  }

  @Override
  public final Optional<MachineFacts> machine() {
    return Optional.of(seen.machine());
  }

  @Override
  public final void read(long gpa, ByteBuffer target) throws IOException {
    try {
      fetch(gpa, target);
    } catch (IOException e) {
      throw SeenRam.explain(e);
    }
  }

  /** A copy: nothing is mapped. */
  @Override
  public final ByteBuffer view(long gpa, int length) throws IOException {
    ByteBuffer copy = ByteBuffer.allocate(length);
    read(gpa, copy);
    return copy.flip().asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * {@inheritDoc}
   *
   * <p>What the guest hid in the meantime is a warning only: it could prevent every capture else.
   */
  @Override
  public final void finish() throws IOException {
    seen.requireSame(guest);
    List<MemoryRange> hidden = seen.hiddenSince(guest);
    if (!hidden.isEmpty()) {
      warnings.add(
          ("the guest's chipset began to hide %d KiB of RAM at GPA 0x%x and behind while it was"
                  + " read: firmware or nothing may have been read there instead")
              .formatted(Ranges.bytes(hidden) >> 10, hidden.get(0).gpa()));
    }
  }

  @Override
  public void close() throws IOException {}
}
