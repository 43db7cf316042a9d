package io.ramtide.acquirer.libvirt;

import com.fasterxml.jackson.databind.JsonNode;
import io.ramtide.acquirer.host.HostProcess;
import io.ramtide.acquirer.qemu.Monitor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * Finds QEMU's process on this host. libvirt has no call that tells it, and its pid files go by the
 * guest's name in a folder of its choice. So QEMU is asked for the id of a processor's thread, and
 * not believed before that thread's process has the command line that libvirt starts this very
 * guest with: a decoy with such a command line has no monitor that libvirt holds, and a QEMU that
 * lies cannot name a process of another guest.
 */
final class GuestProcess {
  private static final int COMMAND_LINE_BYTES = 1 << 20;

  private GuestProcess() {}

  static HostProcess find(Monitor monitor, UUID uuid) throws IOException {
    JsonNode thread = monitor.execute("query-cpus-fast", Map.of()).path(0).path("thread-id");
    if (!thread.isInt() || thread.intValue() <= 0) {
      throw new IOException("QEMU does not tell the thread of its first processor");
    }
    Path proc = Path.of("/proc", thread.asText());
    long pid;
    List<String> commandLine;
    try {
      pid = processId(Files.readAllLines(proc.resolve("status"), StandardCharsets.ISO_8859_1));
      commandLine = commandLine(proc.resolve("cmdline"));
    } catch (NoSuchFileException e) {
      throw new IOException(
          "QEMU's thread "
              + thread
              + " is not to be seen here: run in the host's process namespace, with a /proc that"
              + " shows all processes",
          e);
    }
    if (!isOf(commandLine, uuid)) {
      throw new IOException(
          "process " + pid + ", which QEMU says is its own, was not started for guest " + uuid);
    }
    return HostProcess.of(pid);
  }

  /** Microseconds since 1970 UTC, by the host's clock. */
  static OptionalLong startMicros(long pid) {
    return ProcessHandle.of(pid)
        .flatMap(process -> process.info().startInstant())
        .map(start -> OptionalLong.of(ChronoUnit.MICROS.between(Instant.EPOCH, start)))
        .orElse(OptionalLong.empty());
  }

  static long processId(List<String> status) throws IOException {
    for (String line : status) {
      if (line.matches("Tgid:\\s+[0-9]{1,9}")) {
        return Long.parseLong(line.substring("Tgid:".length()).strip());
      }
    }
    throw new IOException("the kernel does not tell the process of QEMU's thread");
  }

  private static List<String> commandLine(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(COMMAND_LINE_BYTES);
      return Arrays.asList(new String(bytes, StandardCharsets.ISO_8859_1).split("\0", -1));
    }
  }

  /** Arguments end in NUL, so that a guest's name cannot hold another argument. */
  static boolean isOf(List<String> commandLine, UUID uuid) {
    int option = commandLine.indexOf("-uuid");
    return option >= 0
        && option + 1 < commandLine.size()
        && commandLine.get(option + 1).equalsIgnoreCase(uuid.toString());
  }
}
