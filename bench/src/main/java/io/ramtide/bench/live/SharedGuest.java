package io.ramtide.bench.live;

import io.ramtide.acquirer.Acquirer;
import io.ramtide.acquirer.AcquirerOptions;
import io.ramtide.acquirer.CaptureException;
import io.ramtide.acquirer.KeyframePolicy;
import io.ramtide.acquirer.source.MemoryRange;
import io.ramtide.acquirer.source.MemorySource;
import io.ramtide.cli.broker.BrokerLink;
import io.ramtide.cli.data.DataFolder;
import io.ramtide.testkit.SimulatedGuest;
import io.ramtide.testkit.ram.GuestRam;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * A simulated Windows guest whose RAM is a shared file, as the memory of a QEMU guest can be. Above
 * what it knows of there is more: half of it full of random pages, as buffers and files are.
 */
final class SharedGuest implements Machine {
  private static final int FRAME = MemorySource.FRAME_BYTES;

  private final SimulatedGuest guest;
  private final MappedByteBuffer memory;
  private final List<MemoryRange> ram;
  private final BitSet used = new BitSet();
  private final Filler filler;
  private final Path file;
  private GuestRam written;

  /**
   * Writes the guest's RAM to a file that lies in memory.
   *
   * @param bytes of RAM in all, at most 2 GiB
   */
  SharedGuest(SimulatedGuest guest, long bytes, Path file) throws IOException {
    this.guest = guest;
    this.file = file;
    written = guest.snapshot();
    long own = written.ram().get(written.ram().size() - 1).end();
    ram =
        written.ram().stream()
            .map(r -> new MemoryRange(r.start(), (r.end() == own ? bytes : r.end()) - r.start()))
            .toList();
    try (var access = new RandomAccessFile(file.toFile(), "rw")) {
      access.setLength(bytes);
      memory = access.getChannel().map(MapMode.READ_WRITE, 0, bytes);
    }
    for (long frame : written.frames()) {
      writeFrame(frame, written.frame(frame));
    }
    filler = new Filler(own, bytes, this::write);
  }

  private void writeFrame(long frame, byte[] content) {
    memory.put((int) (frame * FRAME), content);
    used.set((int) frame);
  }

  private void write(long gpa, byte[] bytes) {
    memory.put((int) gpa, bytes);
    used.set((int) (gpa / FRAME), (int) ((gpa + bytes.length - 1) / FRAME) + 1);
  }

  @Override
  public String what() {
    return "a mapped file in memory instead of a QEMU guest; no libvirt, no agent";
  }

  @Override
  public SimulatedGuest guest() {
    return guest;
  }

  @Override
  public synchronized long flush() {
    GuestRam now = guest.snapshot();
    for (long frame : now.frames()) {
      if (!now.sharesFrame(written, frame)) {
        writeFrame(frame, now.frame(frame));
      }
    }
    byte[] zeros = new byte[FRAME];
    BitSet kept = new BitSet();
    for (long frame : now.frames()) {
      kept.set((int) frame);
    }
    for (long frame : written.frames()) {
      if (!kept.get((int) frame)) {
        writeFrame(frame, zeros);
      }
    }
    written = now;
    return System.nanoTime();
  }

  @Override
  public synchronized void work(int pages) throws IOException {
    filler.change(pages);
  }

  @Override
  public Captures capture(BrokerLink broker, DataFolder data, Duration interval)
      throws CaptureException {
    AcquirerOptions options =
        new AcquirerOptions(
            data.signingKey(), new KeyframePolicy.Rolling(LiveBench.ROLLING), false);
    return new CaptureLoop(Acquirer.connect(broker.clientConfig(), options), this, interval);
  }

  @Override
  public void close() throws IOException {
    Files.delete(file);
  }

  /** The RAM for one capture. */
  MemorySource source() {
    return new SharedSource(memory, ram, data());
  }

  /** As SEEK_DATA and SEEK_HOLE tell it of such a file. */
  private synchronized List<MemoryRange> data() {
    List<MemoryRange> data = new ArrayList<>();
    for (int from = used.nextSetBit(0); from >= 0; ) {
      int to = used.nextClearBit(from);
      data.add(new MemoryRange((long) from * FRAME, (long) (to - from) * FRAME));
      from = used.nextSetBit(to);
    }
    return List.copyOf(data);
  }

  /** A look at the memory that does not move. */
  static ByteBuffer view(MappedByteBuffer memory, long gpa, int length) {
    return memory.slice((int) gpa, length).asReadOnlyBuffer();
  }
}
