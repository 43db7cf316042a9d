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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is RAM in a dump that QEMU wrote: it also holds firmware and video memory, where the guest
 * had its chipset show them.
 */
final class CoreDumpSource implements MemorySource {
  private final MemorySource dump;
  private final SeenRam seen;
  private final SourceDescription description;
  private final List<MemoryRange> data;
  private final List<MemoryRange> unreadable;
  private final long stalledMicros;

  private CoreDumpSource(
      MemorySource dump,
      SeenRam seen,
      SourceDescription description,
      List<MemoryRange> data,
      List<MemoryRange> unreadable,
      long stalledMicros) {
    this.dump = dump;
    this.seen = seen;
    this.description = description;
    this.data = data;
    this.unreadable = unreadable;
    this.stalledMicros = stalledMicros;
  }

  /**
   * @param hiddenSince what the guest hid while it was dumped; nobody knows whether before or after
   * @throws IOException if the dump is not whole
   */
  static CoreDumpSource of(
      LiveGuest guest,
      SeenRam seen,
      List<MemoryRange> hiddenSince,
      MemorySource dump,
      long stalledMicros)
      throws IOException {
    List<MemoryRange> visible = Ranges.minus(seen.visible(), hiddenSince);
    List<MemoryRange> cutOff = Ranges.intersection(dump.unreadable(), visible);
    if (!cutOff.isEmpty()) {
      throw new IOException(
          "%s: its dump was cut off: RAM from GPA 0x%x on is not in it; is the disk full?"
              .formatted(guest.name(), cutOff.get(0).gpa()));
    }
    List<MemoryRange> there = Ranges.intersection(dump.ram(), visible);
    List<MemoryRange> unreadable = Ranges.minus(seen.layout().ram(), there);
    List<MemoryRange> data = new ArrayList<>();
    for (MemoryRange piece : dump.data()) { // One by one: they must not be joined.
      data.addAll(Ranges.intersection(List.of(piece), there));
    }
    SourceDescription description =
        new SourceDescription(
            Method.DUMP.text(),
            guest.name(),
            dump.description().bytes(),
            dump.description().modifiedAtMicros(),
            Consistency.POINT_IN_TIME,
            warnings(seen, Ranges.minus(unreadable, seen.hidden())));
    return new CoreDumpSource(dump, seen, description, data, unreadable, stalledMicros);
  }

  private static List<String> warnings(SeenRam seen, List<MemoryRange> missing) {
    List<String> warnings = new ArrayList<>(seen.warnings());
    if (!missing.isEmpty()) {
      warnings.add(
          "%d KiB of RAM at GPA 0x%x and behind are not in the dump"
              .formatted(Ranges.bytes(missing) >> 10, missing.get(0).gpa()));
    }
    return warnings;
  }

  @Override
  public SourceDescription description() {
    return description;
  }

  @Override
  public List<MemoryRange> ram() {
    return seen.layout().ram();
  }

  @Override
  public List<MemoryRange> data() {
    return data;
  }

  @Override
  public List<MemoryRange> unreadable() {
    return unreadable;
  }

  @Override
  public List<Long> cr3s() {
    return dump.cr3s();
  }

  @Override
  public Optional<MachineFacts> machine() {
    return Optional.of(seen.machine());
  }

  /** The time of the dump: the guest stands still for almost all of it. */
  @Override
  public OptionalLong pausedMicros() {
    return OptionalLong.of(stalledMicros);
  }

  @Override
  public void read(long gpa, ByteBuffer target) throws IOException {
    dump.read(gpa, target);
  }

  @Override
  public ByteBuffer view(long gpa, int length) throws IOException {
    return dump.view(gpa, length);
  }

  @Override
  public void close() throws IOException {
    dump.close();
  }
}
