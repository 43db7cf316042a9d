package io.ramtide.scanner.windows;

import io.ramtide.scanner.memory.PhysicalMemory;
import io.ramtide.scanner.windows.guest.Memo;
import java.util.Map;
import java.util.WeakHashMap;

/** The memo of each memory. A cache, and bounded. */
final class Memos {
  static final int MAX_MEMORIES = 16;

  private final Map<PhysicalMemory, Memo> memos = new WeakHashMap<>();

  Memo of(PhysicalMemory memory) {
    if (memos.size() >= MAX_MEMORIES && !memos.containsKey(memory)) {
      memos.clear();
    }
    return memos.computeIfAbsent(memory, key -> new Memo());
  }
}
