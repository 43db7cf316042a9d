package io.ramtide.bench.pass;

import io.ramtide.acquirer.source.MemoryRange;
import io.ramtide.acquirer.source.MemorySource;
import io.ramtide.acquirer.source.SourceDescription;
import io.ramtide.schemas.Consistency;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;

/** RAM in a file of memory where there is one, mapped as a guest's shared memory is; all data. */
final class MappedGuest implements MemorySource {
  private static final Path MEMORY = Path.of("/dev/shm");
  private static final int STEP = 1 << 20;

  private final Path file;
  private final MappedByteBuffer mapping;
  private final long bytes;

  /** At most 1 GiB is mapped; a larger guest shows the same bytes again and again. */
  MappedGuest(Path folder, long bytes) throws IOException {
    this.bytes = bytes;
    file = Files.createTempFile(Files.isWritable(MEMORY) ? MEMORY : folder, "ramtide", ".ram");
    long mapped = Math.min(bytes, 1L << 30);
    byte[] content = new byte[STEP];
    new Random(1).nextBytes(content);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      for (long at = 0; at < mapped; at += STEP) {
        content[(int) (at / STEP)]++;
        channel.write(ByteBuffer.wrap(content), at);
      }
      mapping = channel.map(FileChannel.MapMode.READ_WRITE, 0, mapped);
    }
  }

  MappedByteBuffer mapping() {
    return mapping;
  }

  /** Changes one page in so many. */
  void dirty(int oneIn) {
    for (int at = 0; at < mapping.capacity(); at += oneIn * FRAME_BYTES) {
      mapping.putLong(at, mapping.getLong(at) + 1);
    }
  }

  @Override
  public SourceDescription description() {
    return new SourceDescription(
        "shared-memory",
        "bench",
        OptionalLong.empty(),
        OptionalLong.empty(),
        Consistency.LIVE,
        List.of());
  }

  @Override
  public List<MemoryRange> ram() {
    return List.of(new MemoryRange(0, bytes));
  }

  @Override
  public List<MemoryRange> data() {
    return ram();
  }

  @Override
  public List<MemoryRange> unreadable() {
    return List.of();
  }

  @Override
  public boolean viewsFollow() {
    return true;
  }

  @Override
  public void read(long gpa, ByteBuffer target) {
    target.put(view(gpa, target.remaining()));
  }

  @Override
  public ByteBuffer view(long gpa, int length) {
    return mapping
        .slice((int) (gpa % mapping.capacity()), length)
        .asReadOnlyBuffer()
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(file);
  }
}
