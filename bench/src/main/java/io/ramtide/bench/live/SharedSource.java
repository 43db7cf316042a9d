package io.ramtide.bench.live;

import io.ramtide.acquirer.source.MemoryRange;
import io.ramtide.acquirer.source.MemorySource;
import io.ramtide.acquirer.source.SourceDescription;
import io.ramtide.schemas.Consistency;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.util.List;
import java.util.OptionalLong;

/** Mapped memory that is written while it is read. */
record SharedSource(MappedByteBuffer memory, List<MemoryRange> ram, List<MemoryRange> data)
    implements MemorySource {

  @Override
  public SourceDescription description() {
    return new SourceDescription(
        "simulation",
        "live",
        OptionalLong.empty(),
        OptionalLong.empty(),
        Consistency.LIVE,
        List.of());
  }

  @Override
  public List<MemoryRange> unreadable() {
    return List.of();
  }

  @Override
  public void read(long gpa, ByteBuffer target) {
    target.put(SharedGuest.view(memory, gpa, target.remaining()));
  }

  @Override
  public ByteBuffer view(long gpa, int length) {
    return SharedGuest.view(memory, gpa, length).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public void close() {}
}
