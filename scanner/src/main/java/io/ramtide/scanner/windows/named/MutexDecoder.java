package io.ramtide.scanner.windows.named;

import io.ramtide.scanner.windows.guest.Decoder;
import io.ramtide.scanner.windows.guest.FindingSink;
import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.GuestProcess;
import io.ramtide.scanner.windows.guest.GuestText;
import io.ramtide.scanner.windows.guest.Struct;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.scanner.windows.object.ClientId;
import io.ramtide.scanner.windows.object.ObjectHeader;
import io.ramtide.scanner.windows.object.ObjectManager;
import io.ramtide.schemas.MutexFinding;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Mutexes in use, by pool scan, handle and directory, with the thread that owns them. */
public final class MutexDecoder implements Decoder {
  @Override
  public Set<What> kinds() {
    return Set.of(What.mutexes);
  }

  @Override
  public void decode(Guest guest, List<GuestProcess> processes, FindingSink sink) {
    ObjectManager objects = ObjectManager.of(guest);
    for (SeenObjects.Seen seen :
        SeenObjects.of(guest, processes, "mutex", "Mutant", What.mutexes, sink)) {
      Struct mutex = guest.struct("KMUTANT", seen.va());
      ObjectHeader header = objects.headerOf(seen.va());
      GuestText name = objects.name(header);
      GuestText directory = objects.directory(header);
      Optional<ClientId> owner = owner(guest, mutex);
      sink.add(
          What.mutexes,
          MutexFinding.newBuilder()
              .setName(name.value())
              .setNameStatus(name.status())
              .setDirectory(directory.value())
              .setDirectoryStatus(directory.status())
              .setOwnerPid(owner.map(ClientId::pid).orElse(null))
              .setOwnerTid(owner.map(ClientId::tid).orElse(null))
              .setAbandoned(abandoned(mutex))
              .setObjectVa(seen.va())
              .setObjectGpa(seen.gpa())
              .setSeenBy(seen.seenBy())
              .build());
      sink.partly(What.mutexes, name.status());
    }
  }

  private static Optional<ClientId> owner(Guest guest, Struct mutex) {
    long thread = mutex.u64("OwnerThread").orElse(0);
    return guest.isKernelAddress(thread) ? ClientId.of(guest, thread) : Optional.empty();
  }

  private static Boolean abandoned(Struct mutex) {
    boolean isBit = mutex.type().field("Abandoned").bits() > 0;
    OptionalLong value =
        isBit ? mutex.bits("Abandoned") : mutex.u8("Abandoned").stream().asLongStream().findFirst();
    return value.isPresent() ? value.getAsLong() != 0 : null;
  }
}
