package io.ramtide.acquirer.host;

import com.sun.jna.LastErrorException;
import com.sun.jna.NativeLong;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The write protection (userfaultfd) that a process has put on its own memory. A thread that writes
 * there sleeps until the process lets it go on; if the process forgets to, someone else must. Takes
 * the process's descriptor by pidfd_getfd(2), Linux 5.6, with the rights of ptrace.
 */
public final class UserFaults {
  private static final int PIDFD_OPEN = 434;
  private static final int PIDFD_GETFD = 438;

  /** _IOR(0xaa, 1, struct uffdio_range): the range is a start and a length, 8 bytes each. */
  private static final long UFFDIO_UNREGISTER = 0x8010aa01L;

  /** _IOR(0xaa, 2, struct uffdio_range). */
  private static final long UFFDIO_WAKE = 0x8010aa02L;

  private static final String LINK = "anon_inode:[userfaultfd]";

  private UserFaults() {}

  /**
   * Makes sure that {@link #lift} would be allowed.
   *
   * @throws AccessRefusedException if it would not, with what it takes
   */
  public static void requireAccess(HostProcess process) throws IOException {
    int handle = handle(process);
    try {
      for (int descriptor : descriptors(process, "")) {
        LibC.close(take(process, handle, descriptor));
        return;
      }
    } finally {
      LibC.close(handle);
    }
  }

  /**
   * Takes away all such protection, and wakes the threads that wait.
   *
   * @return whether the process has a descriptor for it
   * @throws AccessRefusedException if Linux refuses, with what it takes
   * @throws ProcessGoneException if the process has ended
   */
  public static boolean lift(HostProcess process) throws IOException {
    process.requireAlive();
    List<Integer> descriptors = descriptors(process, LINK);
    if (descriptors.isEmpty()) {
      return false;
    }
    List<MappedArea> areas = ProcessMaps.of(process);
    int handle = handle(process);
    try {
      for (int descriptor : descriptors) {
        int taken = take(process, handle, descriptor);
        try {
          areas.forEach(area -> unregister(taken, area));
        } finally {
          LibC.close(taken);
        }
      }
      return true;
    } finally {
      LibC.close(handle);
    }
  }

  /**
   * Unregistering takes the protection off, but wakes nobody who waits for a write: that is a call
   * of its own, after which nobody can begin to wait.
   */
  private static void unregister(int descriptor, MappedArea area) {
    long[] range = {area.start(), area.end() - area.start()};
    for (long request : new long[] {UFFDIO_UNREGISTER, UFFDIO_WAKE}) {
      try {
        LibC.ioctl(descriptor, new NativeLong(request), range);
      } catch (LastErrorException e) {
        // An area of a kind that cannot be protected.
      }
    }
  }

  private static int handle(HostProcess process) throws IOException {
    try {
      return call(PIDFD_OPEN, process.pid(), 0, 0);
    } catch (LastErrorException e) {
      throw explain(process, "pidfd_open", e);
    }
  }

  private static int take(HostProcess process, int handle, int descriptor) throws IOException {
    try {
      return call(PIDFD_GETFD, handle, descriptor, 0);
    } catch (LastErrorException e) {
      throw explain(process, "pidfd_getfd", e);
    }
  }

  private static int call(int number, long first, long second, long third) {
    return LibC.syscall(
            new NativeLong(number),
            new NativeLong(first),
            new NativeLong(second),
            new NativeLong(third))
        .intValue();
  }

  private static IOException explain(HostProcess process, String call, LastErrorException e) {
    if (e.getErrorCode() == LibC.EPERM || e.getErrorCode() == LibC.EACCES) {
      return new AccessRefusedException(
          ("%s of process %d was refused: it takes CAP_SYS_PTRACE, or the user it runs as while"
                  + " kernel.yama.ptrace_scope is 0")
              .formatted(call, process.pid()),
          e);
    }
    if (e.getErrorCode() == LibC.ESRCH) {
      return new ProcessGoneException("process %d has ended".formatted(process.pid()), e);
    }
    return new IOException(
        "%s of process %d: %s; it takes Linux 5.6".formatted(call, process.pid(), e.getMessage()),
        e);
  }

  /** The open files whose link is this text; all of them if it is empty. */
  private static List<Integer> descriptors(HostProcess process, String link) throws IOException {
    List<Integer> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(process.proc("fd"))) {
      for (Path file : files) {
        if (link.isEmpty() || link.equals(target(file))) {
          found.add(Integer.parseInt(String.valueOf(file.getFileName())));
        }
      }
    } catch (IOException e) {
      throw process.explain(e);
    }
    return found;
  }

  private static String target(Path file) {
    try {
      return Files.readSymbolicLink(file).toString();
    } catch (IOException e) {
      return ""; // Closed meanwhile.
    }
  }
}
