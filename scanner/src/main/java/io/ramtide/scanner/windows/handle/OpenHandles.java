package io.ramtide.scanner.windows.handle;

import io.ramtide.scanner.windows.guest.FindingSink;
import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.GuestProcess;
import io.ramtide.scanner.windows.object.HandleTable;
import io.ramtide.scanner.windows.object.ObjectManager;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The handle tables of processes, each walked once. All tables of a guest together give at most
 * {@link FindingSink#MAX_OF_A_KIND} handles; a table that is cut says so among its gaps.
 */
public final class OpenHandles {
  private static final HandleTable.Result NONE = new HandleTable.Result(List.of(), List.of());

  private final Guest guest;
  private final Map<Long, HandleTable.Result> tables = new HashMap<>();
  private int left = FindingSink.MAX_OF_A_KIND;

  private OpenHandles(Guest guest) {
    this.guest = guest;
  }

  /** The guest's; made once. */
  public static OpenHandles of(Guest guest) {
    return guest.once(OpenHandles.class, OpenHandles::new);
  }

  /** VA of a process's HANDLE_TABLE; empty if it has none, has ended, or cannot be read. */
  public static OptionalLong table(GuestProcess process) {
    if (process.hasExited() || process.object().isEmpty()) {
      return OptionalLong.empty();
    }
    OptionalLong table = process.object().get().u64("ObjectTable");
    return table.orElse(0) == 0 ? OptionalLong.empty() : table;
  }

  /** The handles of a process; none if it has ended. Pointers are VAs of object headers. */
  public HandleTable.Result of(GuestProcess process) {
    OptionalLong table = table(process);
    if (table.isPresent()) {
      return tables.computeIfAbsent(table.getAsLong(), this::walk);
    }
    boolean unread =
        !process.hasExited()
            && process.object().flatMap(object -> object.gap("ObjectTable")).isPresent();
    return unread
        ? new HandleTable.Result(List.of(), List.of("its process could not be read"))
        : NONE;
  }

  private HandleTable.Result walk(long va) {
    HandleTable.Result result = HandleTable.at(guest, va, left);
    left -= result.handles().size();
    return result;
  }

  /** VA of the object a handle refers to. */
  public long object(HandleTable.Handle handle) {
    return ObjectManager.of(guest).headerAt(handle.pointer()).objectVa();
  }
}
