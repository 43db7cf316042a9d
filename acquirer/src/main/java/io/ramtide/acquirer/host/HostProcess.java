package io.ramtide.acquirer.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A process of this host; its start tells it from a later one with the same id.
 *
 * @param startTicks when it started, clock ticks since the host's boot
 */
public record HostProcess(long pid, long startTicks) {
  /** Fields of /proc/PID/stat behind the name in parentheses, which may have any characters. */
  private static final int STATE = 0;

  private static final int START = 19;

  /**
   * The process that has an id now.
   *
   * @throws ProcessGoneException if there is none, or it is ending
   */
  public static HostProcess of(long pid) throws IOException {
    if (pid <= 0 || pid > Integer.MAX_VALUE) {
      throw new IOException(pid + " is no process id");
    }
    try {
      String stat =
          Files.readString(
              Path.of("/proc", Long.toString(pid), "stat"), StandardCharsets.ISO_8859_1);
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      if (fields[STATE].equals("Z") || fields[STATE].equals("X")) {
        throw new ProcessGoneException("process %d has ended".formatted(pid), null);
      }
      return new HostProcess(pid, Long.parseLong(fields[START]));
    } catch (IndexOutOfBoundsException | NumberFormatException e) {
      throw new IOException("/proc/%d/stat is not as Linux writes it".formatted(pid), e);
    } catch (ProcessGoneException e) {
      throw e;
    } catch (IOException e) {
      throw explain(pid, e);
    }
  }

  /**
   * Makes sure that it is still there.
   *
   * @throws ProcessGoneException if it is not
   */
  public void requireAlive() throws IOException {
    if (!of(pid).equals(this)) {
      throw new ProcessGoneException(
          "process %d has ended, and another one has its id now".formatted(pid), null);
    }
  }

  /** A path below /proc/PID. */
  Path proc(String name) {
    return Path.of("/proc", Long.toString(pid), name);
  }

  /** What a failure below /proc/PID means. */
  IOException explain(IOException e) {
    return explain(pid, e);
  }

  private static IOException explain(long pid, IOException e) {
    String reason = String.valueOf(e.getMessage());
    if (e instanceof AccessDeniedException || reason.contains("Operation not permitted")) {
      return new AccessRefusedException(
          ("no permission to look into process %d (%s): run as the user it runs as, or with"
                  + " CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH")
              .formatted(pid, reason),
          e);
    }
    if (e instanceof NoSuchFileException || reason.contains("No such process")) {
      return new ProcessGoneException(
          "process %d is not there: it has ended, or /proc is mounted with hidepid".formatted(pid),
          e);
    }
    return new IOException("process %d: %s".formatted(pid, reason), e);
  }
}
