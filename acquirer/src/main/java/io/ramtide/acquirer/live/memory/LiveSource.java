package io.ramtide.acquirer.live.memory;

import io.ramtide.acquirer.live.LiveGuest;
import io.ramtide.acquirer.live.Method;
import io.ramtide.acquirer.source.MachineFacts;
import io.ramtide.acquirer.source.MemoryRange;
import io.ramtide.acquirer.source.MemorySource;
import io.ramtide.acquirer.source.SourceDescription;
import io.ramtide.schemas.Consistency;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/** The RAM of a guest in a process of this host, for one capture while the guest runs. */
abstract class LiveSource implements MemorySource {
  private final LiveGuest guest;
  private final GuestState state;
  private final RecentRoots roots;
  private final List<RamPart> parts;
  private final HeldFrames held;
  private final SourceDescription description;
  private List<Long> cr3s;
  private boolean closed;

  LiveSource(
      Method method,
      LiveGuest guest,
      GuestState state,
      RecentRoots roots,
      List<RamPart> parts,
      HeldFrames held) {
    this.guest = guest;
    this.state = state;
    this.roots = roots;
    this.parts = parts;
    this.held = held;
    description =
        new SourceDescription(
            method.text(),
            guest.name(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            Consistency.LIVE,
            held.warnings());
  }

  @Override
  public final SourceDescription description() {
    return description;
  }

  @Override
  public final List<MemoryRange> ram() {
    return state.layout().ram();
  }

  @Override
  public final List<MemoryRange> data() {
    return held.data();
  }

  @Override
  public final List<Long> cr3s() {
    if (cr3s == null) {
      cr3s = roots.of(guest, state);
    }
    return cr3s;
  }

  @Override
  public final List<MemoryRange> unreadable() {
    return held.unreadable();
  }

  @Override
  public final Optional<MachineFacts> machine() {
    return Optional.of(state.facts());
  }

  @Override
  public void finish() throws IOException {
    state.requireSame(guest);
  }

  @Override
  public void close() {
    closed = true;
  }

  /** Which part has all these bytes. */
  final RamPart part(long gpa, long length) {
    if (closed) {
      throw new IllegalStateException("the capture is over");
    }
    int low = 0;
    int high = parts.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      RamPart part = parts.get(middle);
      if (gpa < part.range().gpa()) {
        high = middle - 1;
      } else if (gpa >= part.range().end()) {
        low = middle + 1;
      } else {
        Objects.checkFromIndexSize(gpa - part.range().gpa(), length, part.range().length());
        return part;
      }
    }
    throw new IndexOutOfBoundsException("no RAM at GPA 0x%x".formatted(gpa));
  }
}
