package io.ramtide.scanner.windows.named;

import io.ramtide.scanner.windows.guest.Decoder;
import io.ramtide.scanner.windows.guest.FindingSink;
import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.GuestProcess;
import io.ramtide.scanner.windows.guest.GuestText;
import io.ramtide.scanner.windows.guest.Struct;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.scanner.windows.object.ObjectHeader;
import io.ramtide.scanner.windows.object.ObjectManager;
import io.ramtide.schemas.SymbolicLinkFinding;
import java.util.List;
import java.util.Set;

/** Symbolic links in use, by pool scan, handle and directory. */
public final class SymbolicLinkDecoder implements Decoder {
  @Override
  public Set<What> kinds() {
    return Set.of(What.symbolicLinks);
  }

  @Override
  public void decode(Guest guest, List<GuestProcess> processes, FindingSink sink) {
    ObjectManager objects = ObjectManager.of(guest);
    for (SeenObjects.Seen seen :
        SeenObjects.of(
            guest, processes, "symbolicLink", "SymbolicLink", What.symbolicLinks, sink)) {
      Struct link = guest.struct("OBJECT_SYMBOLIC_LINK", seen.va());
      ObjectHeader header = objects.headerOf(seen.va());
      GuestText name = objects.name(header);
      GuestText directory = objects.directory(header);
      GuestText target =
          GuestText.unicodeString(guest.space(), link.address("LinkTarget"), GuestText.MAX_NAME);
      long created = link.u64("CreationTime").orElse(0);
      sink.add(
          What.symbolicLinks,
          SymbolicLinkFinding.newBuilder()
              .setName(name.value())
              .setNameStatus(name.status())
              .setDirectory(directory.value())
              .setDirectoryStatus(directory.status())
              .setTarget(target.value())
              .setTargetStatus(target.status())
              .setCreateTime(created == 0 ? null : created)
              .setObjectVa(seen.va())
              .setObjectGpa(seen.gpa())
              .setSeenBy(seen.seenBy())
              .build());
      sink.partly(What.symbolicLinks, name.status() == null ? target.status() : name.status());
    }
  }
}
