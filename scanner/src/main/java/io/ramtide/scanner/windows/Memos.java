package io.ramtide.scanner.windows;

import io.ramtide.scanner.memory.PhysicalMemory;
import io.ramtide.scanner.windows.guest.Memo;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * The memo of each memory. A cache, and bounded. An analysis takes the memo out, and gives it back
 * when it is through: one that fails told nobody what its memo knows.
 */
final class Memos {
  static final int MAX_MEMORIES = 16;

  private final Map<PhysicalMemory, Memo> memos = new WeakHashMap<>();

  Memo take(PhysicalMemory memory) {
    Memo memo = memos.remove(memory);
    return memo == null ? new Memo() : memo.next();
  }

  void keep(PhysicalMemory memory, Memo memo) {
    if (memos.size() >= MAX_MEMORIES) {
      memos.clear();
    }
    memos.put(memory, memo);
  }
}
