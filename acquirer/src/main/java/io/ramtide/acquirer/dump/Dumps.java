package io.ramtide.acquirer.dump;

import io.ramtide.acquirer.source.MemorySource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;

/** Opens dump files; the format is told by the content. */
public final class Dumps {
  private Dumps() {}

  /**
   * Opens a dump: ELF64 core, LiME, or else raw (file offset = guest-physical address).
   *
   * @throws UnreadableDumpException if it cannot be read or is no dump, with what, where and what
   *     to do
   */
  public static MemorySource open(Path path) throws UnreadableDumpException {
    DumpFile file = DumpFile.open(path);
    MemorySource source = null;
    try {
      source = MappedDump.of(file, parse(file));
      return source;
    } catch (IOException e) {
      throw new UnreadableDumpException(path + ": could not be read: " + e.getMessage(), e);
    } finally {
      if (source == null) {
        file.close();
      }
    }
  }

  /**
   * A domain for a dump that nobody named one for: a version 8 UUID from the SHA-256 of the RAM
   * layout and every readable frame that is not zero. It is the same for the same RAM, whatever the
   * format and however sparse the file.
   *
   * @throws UnreadableDumpException if the source cannot be read to its end
   */
  public static UUID domainOf(MemorySource source) throws UnreadableDumpException {
    try {
      return ContentId.of(source);
    } catch (IOException e) {
      throw new UnreadableDumpException(e.getMessage(), e);
    }
  }

  private static DumpContents parse(DumpFile file) throws IOException, UnreadableDumpException {
    if (ElfCore.recognises(file)) {
      return ElfCore.parse(file);
    }
    if (Lime.recognises(file)) {
      return Lime.parse(file);
    }
    UnsupportedFormat.refuse(file);
    return RawDump.parse(file);
  }
}
