package io.ramtide.acquirer.agent;

import io.ramtide.acquirer.live.CaptureMethod;
import io.ramtide.acquirer.live.LiveGuest;
import io.ramtide.acquirer.live.Method;
import io.ramtide.acquirer.qemu.GuestLayout;
import io.ramtide.acquirer.qemu.Monitor;
import io.ramtide.acquirer.source.MachineFacts;
import io.ramtide.acquirer.source.MemoryRange;
import io.ramtide.acquirer.source.MemorySource;
import io.ramtide.acquirer.source.SourceDescription;
import io.ramtide.schemas.Consistency;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;

/** A guest with a name, and RAM of one frame. */
final class FakeGuest implements LiveGuest {
  private final String name;
  private final String run;

  /** Thrown instead of opening its RAM. */
  volatile IOException failure;

  FakeGuest(String name) {
    this(name, "1");
  }

  FakeGuest(String name, String run) {
    this.name = name;
    this.run = run;
  }

  /** Its RAM, as a method gives it. */
  CaptureMethod by(Method method) {
    return new CaptureMethod() {
      @Override
      public Method method() {
        return method;
      }

      @Override
      public MemorySource open() throws IOException {
        if (failure != null) {
          throw failure;
        }
        return new Ram(method);
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public UUID uuid() {
    return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String run() {
    return run;
  }

  @Override
  public boolean isPaused() {
    return false;
  }

  @Override
  public GuestLayout layout() {
    throw new UnsupportedOperationException();
  }

  @Override
  public MachineFacts facts() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Monitor monitor() {
    throw new UnsupportedOperationException();
  }

  @Override
  public long pid() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void suspend() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void resume() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void peek(long gpa, ByteBuffer target) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void dumpCore(Path file) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void snapshotMemory(Path file) {
    throw new UnsupportedOperationException();
  }

  /** One frame. */
  private record Ram(Method method) implements MemorySource {
    @Override
    public SourceDescription description() {
      return new SourceDescription(
          method.text(),
          "fake",
          OptionalLong.empty(),
          OptionalLong.empty(),
          Consistency.LIVE,
          List.of());
    }

    @Override
    public List<MemoryRange> ram() {
      return List.of(new MemoryRange(0, FRAME_BYTES));
    }

    @Override
    public List<MemoryRange> data() {
      return List.of();
    }

    @Override
    public List<MemoryRange> unreadable() {
      return List.of();
    }

    @Override
    public void read(long gpa, ByteBuffer target) {
      throw new UnsupportedOperationException();
    }

    @Override
    public ByteBuffer view(long gpa, int length) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }
}
