package io.ramtide.acquirer.live.memory;

import io.ramtide.acquirer.host.SharedMapping;
import io.ramtide.acquirer.live.CaptureMethod;
import io.ramtide.acquirer.live.LiveGuest;
import io.ramtide.acquirer.live.Method;
import io.ramtide.acquirer.live.MethodOptions;
import io.ramtide.acquirer.source.MemorySource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * Reads RAM that QEMU shares with other processes, in memory files or files on disk: through a
 * mapping of its own where nobody can cut the file, otherwise by pread(2). Holes of the files are
 * never touched, and so never allocated.
 */
public final class SharedMemory implements CaptureMethod {
  private final LiveGuest guest;
  private final RecentRoots roots = new RecentRoots();
  private final CopyBuffer buffer = new CopyBuffer();
  private GuestState state;
  private SharedRam ram;

  private SharedMemory(LiveGuest guest) {
    this.guest = guest;
  }

  public static SharedMemory of(LiveGuest guest, MethodOptions options) throws IOException {
    SharedMemory method = new SharedMemory(guest);
    method.open().close();
    return method;
  }

  @Override
  public Method method() {
    return Method.SHARED_MEMORY;
  }

  @Override
  public MemorySource open() throws IOException {
    try {
      hold(GuestState.of(guest));
      return new Source(HeldFrames.of(state, ram.data(), List.of(), List.of()));
    } catch (IOException e) {
      close(); // The guest may have ended: nothing of it is held on to.
      throw GuestState.explain(guest, e);
    }
  }

  private void hold(GuestState now) throws IOException {
    if (ram != null && !(now.hasRamOf(state) && ram.holds(RamPart.of(guest, now)))) {
      close();
    }
    state = now;
    if (ram == null) {
      ram = SharedRam.of(guest, now);
    }
  }

  @Override
  public void close() throws IOException {
    SharedRam held = ram;
    ram = null;
    if (held != null) {
      held.close();
    }
  }

  private final class Source extends LiveSource {
    private final SharedRam held = ram;

    Source(HeldFrames frames) {
      super(Method.SHARED_MEMORY, guest, state, roots, ram.parts(), frames);
    }

    @Override
    public void read(long gpa, ByteBuffer target) throws IOException {
      RamPart part = part(gpa, target.remaining());
      held.file(part).read(offset(part, gpa), target);
    }

    @Override
    public ByteBuffer view(long gpa, int length) throws IOException {
      RamPart part = part(gpa, length);
      Optional<SharedMapping> mapping = held.mapping(part);
      if (mapping.isPresent()) {
        return mapping.get().view(offset(part, gpa), length);
      }
      ByteBuffer copy = buffer.take(length);
      held.file(part).read(offset(part, gpa), copy);
      return CopyBuffer.view(copy);
    }

    @Override
    public boolean viewsFollow() {
      return held.isMapped();
    }

    private static long offset(RamPart part, long gpa) {
      return part.fileOffset() + (gpa - part.range().gpa());
    }
  }
}
