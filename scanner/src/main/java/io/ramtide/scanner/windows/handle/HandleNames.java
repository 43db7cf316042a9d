package io.ramtide.scanner.windows.handle;

import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.GuestText;
import io.ramtide.scanner.windows.guest.Struct;
import io.ramtide.scanner.windows.object.ClientId;
import io.ramtide.scanner.windows.object.FilePath;
import io.ramtide.scanner.windows.object.ObjectHeader;
import io.ramtide.scanner.windows.object.ObjectManager;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;

/** What people call the object behind a handle, by its type. */
final class HandleNames {
  /** EPROCESS.ImageFileName. */
  private static final int IMAGE_NAME_BYTES = 15;

  private final Guest guest;
  private final ObjectManager objects;
  private final KeyPath keys;

  HandleNames(Guest guest) {
    this.guest = guest;
    this.objects = ObjectManager.of(guest);
    this.keys = new KeyPath(guest);
  }

  GuestText of(String type, ObjectHeader header) {
    long va = header.objectVa();
    return switch (type) {
      case "File" -> FilePath.of(guest, va).whole();
      case "Key" ->
          KeyPath.isSupported(guest)
              ? keys.of(va)
              : GuestText.missing("the symbol data has no registry keys");
      case "Process" -> process(va);
      case "Thread" -> thread(va);
      default -> objects.name(header);
    };
  }

  private GuestText process(long va) {
    Struct process = guest.struct("EPROCESS", va);
    OptionalLong pid = process.u64("UniqueProcessId");
    if (pid.isEmpty()) {
      return GuestText.missing(process.gap("UniqueProcessId").orElseThrow());
    }
    byte[] name = new byte[IMAGE_NAME_BYTES];
    int read = guest.space().read(process.address("ImageFileName"), name, 0, name.length).bytes();
    int end = 0;
    while (end < read && name[end] != 0) {
      end++;
    }
    String text = StandardCharsets.ISO_8859_1.decode(ByteBuffer.wrap(name, 0, end)).toString();
    return GuestText.of("%s Pid %d".formatted(text, pid.getAsLong()));
  }

  private GuestText thread(long va) {
    Optional<ClientId> id = ClientId.of(guest, va);
    return id.isPresent()
        ? GuestText.of("Tid %d Pid %d".formatted(id.get().tid(), id.get().pid()))
        : GuestText.missing("could not be read");
  }
}
