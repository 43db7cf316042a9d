package io.ramtide.testkit.windows.process;

import io.ramtide.testkit.windows.KernelSpace;
import io.ramtide.testkit.windows.Links;
import io.ramtide.testkit.windows.Struct;
import io.ramtide.testkit.windows.pool.Pool;
import java.util.HashMap;
import java.util.Map;

/** MM_SESSION_SPACE of each session, with the list of its processes. */
final class Sessions {

  private final KernelSpace space;
  private final Pool pool;
  private final Map<Integer, Struct> sessions = new HashMap<>();

  Sessions(KernelSpace space, Pool pool) {
    this.space = space;
    this.pool = pool;
  }

  /** Puts a process on its session's list; one with session -1 is in none. */
  void join(SimProcess process) {
    if (process.session < 0) {
      return;
    }
    Struct session = sessions.computeIfAbsent(process.session, this::create);
    Struct eprocess = space.struct("_EPROCESS", process.object.va());
    eprocess.u64("Session", session.va());
    new Links(space.kernel)
        .insertTail(session.address("ProcessList"), eprocess.address("SessionProcessLinks"));
  }

  void leave(SimProcess process) {
    if (process.session >= 0) {
      new Links(space.kernel)
          .remove(space.struct("_EPROCESS", process.object.va()).address("SessionProcessLinks"));
    }
  }

  private Struct create(int id) {
    return space
        .struct("_MM_SESSION_SPACE", pool.allocatePage())
        .u32("SessionId", id)
        .list("ProcessList");
  }
}
