package io.ramtide.acquirer.live.moment;

import io.ramtide.acquirer.live.LiveGuest;
import io.ramtide.acquirer.live.Method;
import io.ramtide.acquirer.source.MachineFacts;
import io.ramtide.acquirer.source.MemoryRange;
import io.ramtide.acquirer.source.MemorySource;
import io.ramtide.acquirer.source.SourceDescription;
import io.ramtide.schemas.Consistency;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** RAM of a guest that stands still, for us or for someone else. */
final class PausedSource implements MemorySource {
  private final LiveGuest guest;
  private final MemorySource source;
  private final Optional<Pause> pause;

  PausedSource(LiveGuest guest, MemorySource source, Optional<Pause> pause) {
    this.guest = guest;
    this.source = source;
    this.pause = pause;
  }

  @Override
  public SourceDescription description() {
    SourceDescription inner = source.description();
    List<String> warnings = new ArrayList<>(inner.warnings());
    if (pause.isEmpty()) {
      warnings.add("The guest was paused before the capture, and stays so.");
    }
    return new SourceDescription(
        Method.PAUSED.text(),
        inner.name(),
        inner.bytes(),
        inner.modifiedAtMicros(),
        Consistency.POINT_IN_TIME,
        warnings);
  }

  @Override
  public List<MemoryRange> ram() {
    return source.ram();
  }

  @Override
  public List<MemoryRange> data() {
    return source.data();
  }

  @Override
  public List<Long> cr3s() {
    return source.cr3s();
  }

  @Override
  public List<MemoryRange> unreadable() {
    return source.unreadable();
  }

  @Override
  public Optional<MachineFacts> machine() {
    return source.machine();
  }

  @Override
  public void read(long gpa, ByteBuffer target) throws IOException {
    source.read(gpa, target);
    if (pause.isPresent()) {
      pause.get().requireStanding();
    }
  }

  @Override
  public ByteBuffer view(long gpa, int length) throws IOException {
    if (pause.isPresent()) {
      pause.get().requireStanding();
    }
    return source.view(gpa, length);
  }

  @Override
  public void finish() throws IOException {
    try {
      source.finish();
      if (pause.isPresent()) {
        pause.get().requirePaused();
      } else if (!guest.isPaused()) {
        throw new IOException(
            "%s: was paused and someone resumed it while it was read; capture it again"
                .formatted(guest.name()));
      }
    } finally {
      if (pause.isPresent()) {
        pause.get().end();
      }
    }
  }

  @Override
  public OptionalLong pausedMicros() {
    return pause.isPresent() ? pause.get().micros() : OptionalLong.of(0);
  }

  @Override
  public void close() throws IOException {
    try {
      if (pause.isPresent()) {
        pause.get().end();
      }
    } finally {
      source.close();
    }
  }
}
