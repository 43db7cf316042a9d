package io.ramtide.acquirer.live.memory;

import io.ramtide.acquirer.host.ProcessReader;
import io.ramtide.acquirer.host.UnreadableMemoryException;
import io.ramtide.acquirer.live.CaptureMethod;
import io.ramtide.acquirer.live.LiveGuest;
import io.ramtide.acquirer.live.Method;
import io.ramtide.acquirer.live.MethodOptions;
import io.ramtide.acquirer.source.ChangeHint;
import io.ramtide.acquirer.source.MemoryRange;
import io.ramtide.acquirer.source.MemorySource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * Reads RAM from the QEMU process through process_vm_readv(2), whatever it is made of. Pages that
 * nobody ever touched are not read; pages in swap are, which brings them back into memory.
 */
public final class ProcessMemory implements CaptureMethod {
  /** Bytes of one call into a buffer on the heap. */
  private static final int CHUNK = 1 << 20;

  private final LiveGuest guest;
  private GuestState state;
  private ProcessRam ram;
  private ProcessReader reader;
  private BrokenPages broken;

  private final RecentRoots roots = new RecentRoots();
  private final CopyBuffer buffer = new CopyBuffer();

  private ProcessMemory(LiveGuest guest) {
    this.guest = guest;
  }

  public static ProcessMemory of(LiveGuest guest, MethodOptions options) throws IOException {
    ProcessMemory method = new ProcessMemory(guest);
    try (MemorySource source = method.open()) {
      if (!source.data().isEmpty()) { // Linux asks for more to read than to open.
        source.view(source.data().get(0).gpa(), MemorySource.FRAME_BYTES);
      }
      return method;
    } catch (IOException e) {
      method.close();
      throw e;
    }
  }

  @Override
  public Method method() {
    return Method.PROCESS;
  }

  @Override
  public MemorySource open() throws IOException {
    try {
      hold(GuestState.of(guest));
      Optional<ChangeHint> hint = ram.changeHint();
      List<MemoryRange> lost = broken.now();
      HeldFrames frames = HeldFrames.of(state, ram.data(lost), lost, ram.warnings());
      return new Source(frames, hint);
    } catch (IOException e) {
      close();
      throw GuestState.explain(guest, e);
    }
  }

  private void hold(GuestState now) throws IOException {
    if (ram != null && !(now.hasRamOf(state) && ram.holds(RamPart.of(guest, now)))) {
      close();
    }
    state = now;
    if (ram == null) {
      ram = ProcessRam.of(guest, now);
      reader = new ProcessReader(now.process());
      broken = new BrokenPages(reader);
    }
  }

  @Override
  public void close() throws IOException {
    ProcessRam held = ram;
    ram = null;
    if (held != null) {
      held.close();
    }
  }

  private final class Source extends LiveSource {
    private final ProcessReader from = reader;

    private final Optional<ChangeHint> hint;

    Source(HeldFrames frames, Optional<ChangeHint> hint) {
      super(Method.PROCESS, guest, state, roots, ram.parts(), frames);
      this.hint = hint;
    }

    @Override
    public Optional<ChangeHint> changeHint() {
      return hint;
    }

    @Override
    public void read(long gpa, ByteBuffer target) throws IOException {
      if (target.isDirect()) {
        readDirect(gpa, target);
        return;
      }
      long at = gpa;
      while (target.hasRemaining()) {
        int bytes = Math.min(CHUNK, target.remaining());
        target.put(view(at, bytes));
        at += bytes;
      }
    }

    @Override
    public ByteBuffer view(long gpa, int length) throws IOException {
      ByteBuffer copy = buffer.take(length);
      readDirect(gpa, copy);
      return CopyBuffer.view(copy);
    }

    private void readDirect(long gpa, ByteBuffer target) throws IOException {
      RamPart part = part(gpa, target.remaining());
      try {
        from.read(part.hva() + (gpa - part.range().gpa()), target);
      } catch (UnreadableMemoryException e) {
        throw unreadable(part, e);
      } catch (IOException e) {
        throw GuestState.explain(guest, e);
      }
    }

    private IOException unreadable(RamPart part, UnreadableMemoryException e) throws IOException {
      int count = broken.add(part, e.address());
      return new IOException(
          ("%s: %d frames from GPA 0x%x on cannot be read; the next capture tells them as"
                  + " unreadable: %s")
              .formatted(
                  guest.name(),
                  count,
                  part.range().gpa() + (e.address() - part.hva()),
                  e.getMessage()),
          e);
    }
  }
}
