package io.ramtide.scanner.windows.named;

import io.ramtide.scanner.windows.guest.Decoder;
import io.ramtide.scanner.windows.guest.FindingSink;
import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.GuestProcess;
import io.ramtide.scanner.windows.guest.Struct;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.scanner.windows.object.FilePath;
import io.ramtide.schemas.FileFinding;
import java.util.List;
import java.util.Set;

/** File objects in use, by pool scan and by handle. */
public final class FileDecoder implements Decoder {
  @Override
  public Set<What> kinds() {
    return Set.of(What.files);
  }

  @Override
  public void decode(Guest guest, List<GuestProcess> processes, FindingSink sink) {
    for (SeenObjects.Seen seen :
        SeenObjects.of(guest, processes, "file", "File", What.files, sink)) {
      Struct file = guest.struct("FILE_OBJECT", seen.va());
      FilePath path = FilePath.of(guest, seen.va());
      sink.add(
          What.files,
          FileFinding.newBuilder()
              .setName("".equals(path.name().value()) ? null : path.name().value())
              .setNameStatus(path.name().status())
              .setDevice(path.device().value())
              .setDeviceStatus(path.device().status())
              .setAccess(flags(file, "ReadAccess", "WriteAccess", "DeleteAccess"))
              .setSharing(flags(file, "SharedRead", "SharedWrite", "SharedDelete"))
              .setObjectVa(seen.va())
              .setObjectGpa(seen.gpa())
              .setSeenBy(seen.seenBy())
              .build());
      sink.partly(What.files, path.name().status());
    }
  }

  /** "r--": three letters, each a dash where the flag is not set; null if one cannot be read. */
  private static String flags(Struct file, String read, String write, String delete) {
    if (file.u8(read).isEmpty() || file.u8(write).isEmpty() || file.u8(delete).isEmpty()) {
      return null;
    }
    return (file.u8(read).getAsInt() != 0 ? "r" : "-")
        + (file.u8(write).getAsInt() != 0 ? "w" : "-")
        + (file.u8(delete).getAsInt() != 0 ? "d" : "-");
  }
}
