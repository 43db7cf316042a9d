package io.ramtide.acquirer.libvirt;

import com.fasterxml.jackson.databind.JsonNode;
import io.ramtide.acquirer.qemu.Monitor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * QEMU's process on this host. libvirt has no call that tells it, and its pid files go by the
 * guest's name in a folder of its choice. So QEMU is asked for the id of its first processor's
 * thread, and not believed before the thread's process was started by libvirt's command line for
 * this very guest: a decoy has no monitor that libvirt holds, and a QEMU that lies cannot name a
 * process of another guest.
 *
 * @param startTicks when it started, in clock ticks since the host's start: with it, the id is
 *     never another process
 */
record GuestProcess(long pid, long startTicks) {
  private static final Path PROC = Path.of("/proc");
  private static final int COMMAND_LINE_BYTES = 1 << 20;

  static GuestProcess of(Monitor monitor, UUID uuid) throws IOException {
    JsonNode thread =
        monitor.execute("query-cpus-fast", Map.of()).path(0).path("thread-id");
    if (!thread.canConvertToLong() || thread.asLong() <= 0) {
      throw new IOException("QEMU does not tell the thread of its first processor");
    }
    try {
      long pid = processOf(thread.asLong());
      GuestProcess process = new GuestProcess(pid, startTicks(pid));
      if (!isOf(commandLine(pid), uuid)) {
        throw new IOException(
            "process " + pid + ", which QEMU calls its own, was not started for this guest");
      }
      return process;
    } catch (NoSuchFileException e) {
      throw new IOException(
          "QEMU's thread "
              + thread.asLong()
              + " is not to be seen here: run in the host's process namespace",
          e);
    }
  }

  boolean isAlive() {
    try {
      return startTicks(pid) == startTicks;
    } catch (IOException e) {
      return false;
    }
  }

  private static long processOf(long thread) throws IOException {
    for (String line : Files.readAllLines(PROC.resolve(thread + "/status"))) {
      if (line.startsWith("Tgid:")) {
        return Long.parseLong(line.substring(5).trim());
      }
    }
    throw new IOException("the kernel does not tell the process of thread " + thread);
  }

  /** Field 22 of proc(5)'s stat; the command in field 2 may hold anything but is in brackets. */
  private static long startTicks(long pid) throws IOException {
    String stat = Files.readString(PROC.resolve(pid + "/stat"), StandardCharsets.ISO_8859_1);
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return Long.parseLong(fields[22 - 3]);
  }

  private static List<String> commandLine(long pid) throws IOException {
    try (InputStream in = Files.newInputStream(PROC.resolve(pid + "/cmdline"))) {
      byte[] bytes = in.readNBytes(COMMAND_LINE_BYTES);
      return List.of(new String(bytes, StandardCharsets.ISO_8859_1).split("\0"));
    }
  }

  /** Arguments end in NUL, so that no guest's name can hold another argument. */
  static boolean isOf(List<String> commandLine, UUID uuid) {
    int option = commandLine.indexOf("-uuid");
    return option >= 0
        && option + 1 < commandLine.size()
        && commandLine.get(option + 1).equals(uuid.toString());
  }
}
