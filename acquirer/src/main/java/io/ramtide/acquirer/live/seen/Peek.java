package io.ramtide.acquirer.live.seen;

import io.ramtide.acquirer.live.CaptureMethod;
import io.ramtide.acquirer.live.LiveGuest;
import io.ramtide.acquirer.live.Method;
import io.ramtide.acquirer.live.MethodOptions;
import io.ramtide.acquirer.source.MemoryRange;
import io.ramtide.acquirer.source.MemorySource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Reads RAM through the hypervisor's connection, in calls of at most 4 MiB: the only method that
 * needs nothing on the guest's host but a libvirt daemon, so that it also works from another host.
 *
 * <p>Every page is read, untouched ones too: they come as zeros. For anonymous RAM that maps the
 * host's page of zeros; RAM in a memory file is allocated, up to all of it. Between the calls the
 * guest runs; in a call it waits if it needs QEMU's big lock.
 */
public final class Peek implements CaptureMethod {
  /** What libvirt lets one message carry. */
  private static final int MOST = 4 << 20;

  private final LiveGuest guest;

  private Peek(LiveGuest guest) {
    this.guest = guest;
  }

  public static Peek of(LiveGuest guest, MethodOptions options) throws IOException {
    Peek method = new Peek(guest);
    try (MemorySource source = method.open()) {
      List<MemoryRange> data = source.data();
      if (!data.isEmpty()) {
        source.view(data.get(0).gpa(), MemorySource.FRAME_BYTES);
      }
    }
    return method;
  }

  @Override
  public Method method() {
    return Method.PEEK;
  }

  @Override
  public MemorySource open() throws IOException {
    return new Source(guest, SeenRam.of(guest));
  }

  @Override
  public void close() {}

  private static final class Source extends SeenSource {
    private final LiveGuest guest;

    Source(LiveGuest guest, SeenRam seen) {
      super(Method.PEEK, guest, seen);
      this.guest = guest;
    }

    @Override
    void fetch(long gpa, ByteBuffer target) throws IOException {
      int end = target.limit();
      long at = gpa;
      while (target.position() < end) {
        int bytes = Math.min(MOST, end - target.position());
        target.limit(target.position() + bytes);
        guest.peek(at, target);
        if (target.hasRemaining()) {
          throw new IOException(
              "%s: the hypervisor gave %d bytes at GPA 0x%x and not %d"
                  .formatted(guest.name(), bytes - target.remaining(), at, bytes));
        }
        at += bytes;
        target.limit(end);
      }
    }
  }
}
