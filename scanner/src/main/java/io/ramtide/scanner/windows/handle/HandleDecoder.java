package io.ramtide.scanner.windows.handle;

import io.ramtide.scanner.windows.guest.Decoder;
import io.ramtide.scanner.windows.guest.FindingSink;
import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.GuestProcess;
import io.ramtide.scanner.windows.guest.GuestText;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.scanner.windows.object.HandleTable;
import io.ramtide.scanner.windows.object.ObjectHeader;
import io.ramtide.scanner.windows.object.ObjectManager;
import io.ramtide.schemas.HandleFinding;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Handles of every process that runs, with type and name of their objects; and their number. */
public final class HandleDecoder implements Decoder {
  /** Many handles lead to the same object. */
  private record Described(String type, GuestText name, GuestText directory) {
    int characters() {
      return length(name) + length(directory);
    }

    private static int length(GuestText text) {
      return text.value() == null ? 0 : text.value().length();
    }
  }

  /**
   * Objects that were described, by header; those of a hostile guest are many and have long names.
   */
  private static final class Known {
    private static final int MAX_CHARACTERS = 1 << 22;
    private static final int ENTRY = 64;

    private final Map<Long, Described> objects = new HashMap<>();
    private int characters;

    Described of(long headerVa, Supplier<Described> describe) {
      Described object = objects.get(headerVa);
      if (object == null) {
        object = describe.get();
        if (characters > MAX_CHARACTERS) {
          objects.clear();
          characters = 0;
        }
        characters += ENTRY + object.characters();
        objects.put(headerVa, object);
      }
      return object;
    }
  }

  @Override
  public Set<What> kinds() {
    return Set.of(What.handles);
  }

  @Override
  public void describe(Guest guest, GuestProcess process, FindingSink sink) {
    if (OpenHandles.table(process).isPresent()) {
      HandleTable.Result result = OpenHandles.of(guest).of(process);
      if (result.gaps().isEmpty() || !result.handles().isEmpty()) {
        process.finding().setHandleCount((long) result.handles().size());
      }
    }
  }

  @Override
  public void decode(Guest guest, List<GuestProcess> processes, FindingSink sink) {
    ObjectManager objects = ObjectManager.of(guest);
    if (!objects.types().isKnown()) {
      sink.incomplete(What.handles, "no object type is known: handles have neither type nor name");
    }
    HandleNames names = new HandleNames(guest);
    Known known = new Known();
    Set<Long> tables = new HashSet<>();
    for (GuestProcess process : processes) {
      HandleTable.Result result = OpenHandles.of(guest).of(process);
      result
          .gaps()
          .forEach(
              gap -> sink.incomplete(What.handles, "PID %d: %s".formatted(process.pid(), gap)));
      if (OpenHandles.table(process).isEmpty()) {
        continue;
      }
      if (!tables.add(OpenHandles.table(process).getAsLong())) {
        sink.incomplete(
            What.handles,
            "PID %d: its handle table is another process's too".formatted(process.pid()));
        continue;
      }
      for (HandleTable.Handle handle : result.handles()) {
        ObjectHeader header = objects.headerAt(handle.pointer());
        Described object = known.of(handle.pointer(), () -> described(objects, names, header));
        sink.add(What.handles, finding(process, handle, header, object));
        sink.partly(What.handles, object.name().status());
      }
    }
  }

  private static Described described(
      ObjectManager objects, HandleNames names, ObjectHeader header) {
    Optional<String> type = objects.types().of(header);
    if (type.isPresent()) {
      return new Described(type.get(), names.of(type.get(), header), objects.directory(header));
    }
    GuestText why =
        header.gap().map(GuestText::missing).orElseGet(() -> GuestText.missing("unknown type"));
    return new Described(null, why, GuestText.NONE);
  }

  private static HandleFinding finding(
      GuestProcess process, HandleTable.Handle handle, ObjectHeader header, Described object) {
    return HandleFinding.newBuilder()
        .setPid(process.pid())
        .setProcessVa(process.finding().getObjectVa())
        .setHandle(handle.value())
        .setObjectType(object.type())
        .setName(object.name().value())
        .setNameStatus(object.name().status())
        .setDirectory(object.directory().value())
        .setDirectoryStatus(object.directory().status())
        .setGrantedAccess(handle.grantedAccess())
        .setObjectVa(header.objectVa())
        .build();
  }
}
