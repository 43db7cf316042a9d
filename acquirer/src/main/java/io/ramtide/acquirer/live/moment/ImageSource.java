package io.ramtide.acquirer.live.moment;

import io.ramtide.acquirer.live.LiveGuest;
import io.ramtide.acquirer.live.Method;
import io.ramtide.acquirer.qemu.Balloon;
import io.ramtide.acquirer.qemu.stream.RamImage;
import io.ramtide.acquirer.source.MachineFacts;
import io.ramtide.acquirer.source.MemoryRange;
import io.ramtide.acquirer.source.MemorySource;
import io.ramtide.acquirer.source.SourceDescription;
import io.ramtide.schemas.Consistency;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** RAM as it was at one moment, of a guest that has run on since. */
final class ImageSource implements MemorySource {
  private final RamImage image;
  private final SourceDescription description;
  private final MachineFacts machine;
  private final OptionalLong pausedMicros;

  /**
   * @param machine as it was when the image was made
   * @param pausedMicros how long the guest stood still for it
   */
  ImageSource(
      LiveGuest guest,
      Method method,
      RamImage image,
      MachineFacts machine,
      OptionalLong pausedMicros) {
    this.image = image;
    this.machine = machine;
    this.pausedMicros = pausedMicros;
    description =
        new SourceDescription(
            method.text(),
            guest.name(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            Consistency.POINT_IN_TIME,
            warnings(image, machine));
  }

  private static List<String> warnings(RamImage image, MachineFacts machine) {
    List<String> warnings = new ArrayList<>();
    long missing = image.missing().stream().mapToLong(MemoryRange::length).sum();
    if (missing > 0) {
      warnings.add(
          "QEMU left %d frames out of its stream; they are unreadable."
              .formatted(missing / FRAME_BYTES));
    }
    Balloon.of(machine, image.layout()).warningOfZeros().ifPresent(warnings::add);
    return warnings;
  }

  @Override
  public SourceDescription description() {
    return description;
  }

  @Override
  public List<MemoryRange> ram() {
    return image.layout().ram();
  }

  @Override
  public List<MemoryRange> data() {
    return image.data();
  }

  @Override
  public List<MemoryRange> unreadable() {
    return image.missing();
  }

  @Override
  public Optional<MachineFacts> machine() {
    return Optional.of(machine);
  }

  @Override
  public OptionalLong pausedMicros() {
    return pausedMicros;
  }

  @Override
  public void read(long gpa, ByteBuffer target) throws IOException {
    image.read(gpa, target);
  }

  /** Pages lie apart in the stream, so this is a copy. */
  @Override
  public ByteBuffer view(long gpa, int length) throws IOException {
    ByteBuffer copy = ByteBuffer.allocate(length);
    image.read(gpa, copy);
    return copy.flip().asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public void close() throws IOException {
    image.close();
  }
}
