package io.ramtide.acquirer.dump;

import io.ramtide.acquirer.dump.DumpLayout.Assembled;
import io.ramtide.acquirer.dump.DumpLayout.Direct;
import io.ramtide.acquirer.dump.DumpLayout.Part;
import io.ramtide.acquirer.dump.DumpLayout.Piece;
import io.ramtide.acquirer.source.MemoryRange;
import io.ramtide.acquirer.source.MemorySource;
import io.ramtide.acquirer.source.SourceDescription;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;

/** A dump file of any format, once its header is understood. */
final class MappedDump implements MemorySource {
  private final DumpFile file;
  private final DumpLayout layout;
  private final SourceDescription description;
  private final List<Long> cr3s;
  private final List<MemoryRange> data;

  private MappedDump(
      DumpFile file, DumpLayout layout, SourceDescription description, List<Long> cr3s) {
    this.file = file;
    this.layout = layout;
    this.description = description;
    this.cr3s = List.copyOf(cr3s);
    data = layout.pieces().stream().map(Piece::range).toList();
  }

  static MappedDump of(DumpFile file, DumpContents contents) throws UnreadableDumpException {
    DumpLayout layout = DumpLayout.of(file, contents.segments());
    List<String> warnings = new ArrayList<>(contents.warnings());
    warnings.addAll(layout.warnings());
    SourceDescription description =
        new SourceDescription(
            contents.method(),
            file.name(),
            OptionalLong.of(file.size()),
            OptionalLong.of(file.modifiedAtMicros()),
            contents.consistency(),
            warnings);
    return new MappedDump(file, layout, description, contents.cr3s());
  }

  @Override
  public SourceDescription description() {
    return description;
  }

  @Override
  public List<MemoryRange> ram() {
    return layout.ram();
  }

  @Override
  public List<MemoryRange> data() {
    return data;
  }

  @Override
  public List<Long> cr3s() {
    return cr3s;
  }

  @Override
  public List<MemoryRange> unreadable() {
    return layout.unreadable();
  }

  @Override
  public void read(long gpa, ByteBuffer target) throws IOException {
    Piece piece = piece(gpa, target.remaining());
    if (piece instanceof Direct direct) {
      file.copy(direct.offset() + (gpa - direct.range().gpa()), target);
    } else {
      target.put(assemble((Assembled) piece).slice(offset(piece, gpa), target.remaining()));
    }
  }

  @Override
  public ByteBuffer view(long gpa, int length) throws IOException {
    Piece piece = piece(gpa, length);
    if (piece instanceof Direct direct) {
      return file.view(direct.offset() + (gpa - direct.range().gpa()), length);
    }
    return assemble((Assembled) piece)
        .slice(offset(piece, gpa), length)
        .asReadOnlyBuffer()
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public void close() {
    file.close();
  }

  private ByteBuffer assemble(Assembled frame) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(FRAME_BYTES);
    for (Part part : frame.parts()) {
      file.read(part.offset(), bytes.slice(part.at(), part.length()));
    }
    return bytes;
  }

  private static int offset(Piece piece, long gpa) {
    return (int) (gpa - piece.range().gpa());
  }

  /** The piece that has all these bytes. */
  private Piece piece(long gpa, int length) {
    int low = 0;
    int high = data.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      MemoryRange range = data.get(middle);
      if (gpa < range.gpa()) {
        high = middle - 1;
      } else if (gpa >= range.end()) {
        low = middle + 1;
      } else {
        Objects.checkFromIndexSize(gpa - range.gpa(), length, range.length());
        return layout.pieces().get(middle);
      }
    }
    throw new IndexOutOfBoundsException("no data at GPA 0x%x".formatted(gpa));
  }
}
