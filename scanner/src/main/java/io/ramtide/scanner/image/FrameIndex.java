package io.ramtide.scanner.image;

import io.ramtide.scanner.memory.PhysicalMemory;
import io.ramtide.scanner.memory.PhysicalRange;
import java.util.List;

/** Numbers the frames of RAM without its holes, from 0: a frame's slot in the image files. */
final class FrameIndex {
  private final long[] firstFrame;
  private final long[] firstSlot;
  private final long slots;

  FrameIndex(List<PhysicalRange> ram) {
    firstFrame = new long[ram.size()];
    firstSlot = new long[ram.size() + 1];
    long slot = 0;
    for (int i = 0; i < ram.size(); i++) {
      firstFrame[i] = ram.get(i).gpa() / PhysicalMemory.FRAME_BYTES;
      firstSlot[i] = slot;
      slot += ram.get(i).length() / PhysicalMemory.FRAME_BYTES;
    }
    firstSlot[ram.size()] = slot;
    slots = slot;
  }

  /** How many frames RAM has. */
  long slots() {
    return slots;
  }

  /** The slot of a frame, or -1 where there is no RAM. */
  long slotOf(long frame) {
    int range = rangeOf(frame);
    return range < 0 ? -1 : firstSlot[range] + frame - firstFrame[range];
  }

  /** How many frames from this one on have consecutive slots; 0 where there is no RAM. */
  long contiguous(long frame) {
    int range = rangeOf(frame);
    return range < 0 ? 0 : firstSlot[range + 1] - firstSlot[range] - (frame - firstFrame[range]);
  }

  private int rangeOf(long frame) {
    int low = 0;
    int high = firstFrame.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      long into = frame - firstFrame[middle];
      if (into < 0) {
        high = middle - 1;
      } else if (into >= firstSlot[middle + 1] - firstSlot[middle]) {
        low = middle + 1;
      } else {
        return middle;
      }
    }
    return -1;
  }
}
