package io.ramtide.acquirer.dump;

import io.ramtide.acquirer.dump.DumpContents.Segment;
import io.ramtide.acquirer.source.MemorySource;
import io.ramtide.schemas.Consistency;
import java.util.List;

/** RAM as it is: the file offset is the guest-physical address. */
final class RawDump {
  private RawDump() {}

  static DumpContents parse(DumpFile file) throws UnreadableDumpException {
    if (file.size() > DumpContents.MAX_RAM) {
      throw new UnreadableDumpException(
          "%s: %d bytes are more RAM than any guest has".formatted(file, file.size()));
    }
    Segment all = new Segment("the file", 0, file.size(), 0, file.size());
    long tail = file.size() % MemorySource.FRAME_BYTES;
    List<String> warnings =
        tail == 0
            ? List.of()
            : List.of(
                ("the size, %d bytes, is no multiple of 4096: the last frame has %d bytes and is"
                        + " filled up with zeros; the file may be truncated or no raw dump")
                    .formatted(file.size(), tail));
    return new DumpContents("dump:raw", Consistency.UNKNOWN, List.of(all), List.of(), warnings);
  }
}
