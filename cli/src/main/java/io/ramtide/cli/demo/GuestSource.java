package io.ramtide.cli.demo;

import io.ramtide.acquirer.source.MemoryRange;
import io.ramtide.acquirer.source.MemorySource;
import io.ramtide.acquirer.source.SourceDescription;
import io.ramtide.schemas.Consistency;
import io.ramtide.testkit.ram.GuestRam;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** A simulated guest's RAM as the acquirer sees a source. */
final class GuestSource implements MemorySource {
  private final String name;
  private final GuestRam ram;
  private final List<MemoryRange> data;

  GuestSource(String name, GuestRam ram) {
    this.name = name;
    this.ram = ram;
    this.data = runs(ram.frames());
  }

  /** Ascending frame numbers as ranges of consecutive frames. */
  private static List<MemoryRange> runs(long[] frames) {
    List<MemoryRange> runs = new ArrayList<>();
    int first = 0;
    for (int i = 1; i <= frames.length; i++) {
      if (i == frames.length || frames[i] != frames[i - 1] + 1) {
        runs.add(new MemoryRange(frames[first] * FRAME_BYTES, (long) (i - first) * FRAME_BYTES));
        first = i;
      }
    }
    return List.copyOf(runs);
  }

  @Override
  public SourceDescription description() {
    return new SourceDescription(
        "simulation",
        name,
        OptionalLong.empty(),
        OptionalLong.empty(),
        Consistency.POINT_IN_TIME,
        List.of());
  }

  @Override
  public List<MemoryRange> ram() {
    return ram.ram().stream().map(range -> new MemoryRange(range.start(), range.length())).toList();
  }

  @Override
  public List<MemoryRange> data() {
    return data;
  }

  @Override
  public List<MemoryRange> unreadable() {
    return List.of();
  }

  @Override
  public void read(long gpa, ByteBuffer target) {
    target.put(ram.read(gpa, target.remaining()));
  }

  @Override
  public ByteBuffer view(long gpa, int length) {
    return ByteBuffer.wrap(ram.read(gpa, length)).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public void close() {}
}
