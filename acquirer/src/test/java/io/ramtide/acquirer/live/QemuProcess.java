package io.ramtide.acquirer.live;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ramtide.acquirer.qemu.GuestLayout;
import io.ramtide.acquirer.qemu.GuestLayouts;
import io.ramtide.acquirer.qemu.Monitor;
import io.ramtide.acquirer.qemu.MonitorException;
import io.ramtide.acquirer.source.MachineFacts;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * A QEMU without libvirt; its monitor is on its standard streams. The guest counts at {@link
 * #COUNTER} and one page further on, and does nothing else.
 */
public final class QemuProcess implements LiveGuest, Monitor, Closeable {
  public static final String PROGRAM = "/usr/bin/qemu-system-x86_64";
  public static final long COUNTER = 0x10000;

  /** cli; ds = 0x1000; again: inc dword [0]; inc dword [0x1000]; jmp again. */
  private static final byte[] BOOT = {
    (byte) 0xfa,
    (byte) 0xb8,
    0,
    0x10,
    (byte) 0x8e,
    (byte) 0xd8,
    0x66,
    (byte) 0xff,
    0x06,
    0,
    0,
    0x66,
    (byte) 0xff,
    0x06,
    0,
    0x10,
    (byte) 0xeb,
    (byte) 0xf4
  };

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;
  private final Process process;
  private final BufferedReader replies;
  private final Writer commands;

  /** What RAM is made of. */
  public enum Backing {
    ANONYMOUS,
    MEMFD,
    FILE,
    /** A file that QEMU writes nothing to. */
    PRIVATE_FILE,
    /** Shared memory that no descriptor leads to. */
    UNNAMED,
    HUGE_MEMFD,
    HUGE_PRIVATE;

    String object(String id, int mib, Path folder) {
      String size = ",id=%s,size=%dM".formatted(id, mib);
      return switch (this) {
        case ANONYMOUS -> "memory-backend-ram" + size;
        case UNNAMED -> "memory-backend-ram" + size + ",share=on";
        case HUGE_MEMFD -> "memory-backend-memfd" + size + ",share=on,hugetlb=on,hugetlbsize=2M";
        case HUGE_PRIVATE -> "memory-backend-memfd" + size + ",share=off,hugetlb=on,hugetlbsize=2M";
        case MEMFD -> "memory-backend-memfd" + size + ",share=on";
        case FILE -> "memory-backend-file" + size + ",share=on,mem-path=" + folder.resolve(id);
        case PRIVATE_FILE ->
            "memory-backend-file" + size + ",share=off,mem-path=" + folder.resolve(id);
      };
    }
  }

  /** Starts one whose RAM is in so many NUMA nodes. */
  public static QemuProcess start(Path folder, String machine, Backing backing, int mib, int nodes)
      throws IOException {
    byte[] disk = Arrays.copyOf(BOOT, 1 << 20);
    disk[510] = 0x55;
    disk[511] = (byte) 0xaa;
    Path image = Files.write(folder.resolve("disk.raw"), disk);
    List<String> command = new ArrayList<>(List.of(PROGRAM));
    command.addAll(List.of("-nodefaults", "-display", "none", "-accel", "tcg", "-qmp", "stdio"));
    command.addAll(List.of("-m", "size=%dM,slots=2,maxmem=16G".formatted(mib)));
    command.addAll(List.of("-device", "virtio-balloon"));
    command.addAll(
        List.of("-drive", "if=virtio,format=raw,readonly=on,file=" + image, "-boot", "c"));
    for (int node = 0; node < nodes; node++) {
      command.addAll(List.of("-object", backing.object("ram" + node, mib / nodes, folder)));
      if (nodes > 1) {
        command.addAll(List.of("-numa", "node,memdev=ram" + node));
      }
    }
    command.addAll(List.of("-machine", machine + (nodes == 1 ? ",memory-backend=ram0" : "")));
    return new QemuProcess(folder, new ProcessBuilder(command));
  }

  private QemuProcess(Path folder, ProcessBuilder builder) throws IOException {
    this.folder = folder;
    process = builder.redirectError(folder.resolve("qemu.log").toFile()).start();
    replies = process.inputReader(StandardCharsets.UTF_8);
    commands = process.outputWriter(StandardCharsets.UTF_8);
    try {
      execute("qmp_capabilities", Map.of());
      for (long tries = 0; counter() == 0 || !isAtItsLoop(); tries++) {
        if (tries == 100_000) {
          throw new IOException("the guest's program does not run");
        }
      }
    } catch (IOException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  /** Firmware uses the counters' pages too, and clears RAM; the program is at 0000:7c00. */
  private boolean isAtItsLoop() throws IOException {
    String registers = human("info registers");
    return registers.contains("EIP=00007c") && registers.contains("CS =0000");
  }

  /** Stops the processor; RAM stands still. */
  public void stop() throws IOException {
    execute("stop", Map.of());
  }

  public long counter() throws IOException {
    return ByteBuffer.wrap(truth(COUNTER, 4)).order(ByteOrder.LITTLE_ENDIAN).getInt() & 0xffffffffL;
  }

  /** What QEMU itself says is there. */
  public byte[] truth(long gpa, int bytes) throws IOException {
    Path file = folder.resolve("truth");
    execute("pmemsave", Map.of("val", gpa, "size", bytes, "filename", file.toString()));
    return Files.readAllBytes(file);
  }

  /** Writes into RAM from the outside. */
  public void write(long gpa, byte[] bytes) throws IOException {
    String reply = human("gpa2hva 0x%x".formatted(gpa));
    long hva = Long.parseLong(reply.substring(reply.lastIndexOf("0x") + 2).trim(), 16);
    try (RandomAccessFile memory = new RandomAccessFile("/proc/" + pid() + "/mem", "rw")) {
      memory.seek(hva);
      memory.write(bytes);
    }
  }

  public void plugDimm(Backing backing, int mib) throws IOException {
    String[] object = backing.object("dimm0mem", mib, folder).split(",", -1);
    Map<String, Object> arguments = new HashMap<>(Map.of("qom-type", object[0]));
    arguments.put("id", "dimm0mem");
    arguments.put("size", (long) mib << 20);
    arguments.put("share", backing != Backing.ANONYMOUS);
    execute("object-add", arguments);
    execute("device_add", Map.of("driver", "pc-dimm", "id", "dimm0", "memdev", "dimm0mem"));
  }

  /** A figure of /proc/PID/status, KiB. */
  public long status(String field) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + pid() + "/status"))) {
      if (line.startsWith(field + ":")) {
        return Long.parseLong(line.replaceAll("[^0-9]", ""));
      }
    }
    throw new IOException("no " + field);
  }

  @Override
  public synchronized JsonNode execute(String command, Map<String, ?> arguments)
      throws MonitorException {
    try {
      commands.write(
          JSON.writeValueAsString(Map.of("execute", command, "arguments", arguments)) + "\n");
      commands.flush();
      for (String line = replies.readLine(); line != null; line = replies.readLine()) {
        JsonNode reply = JSON.readTree(line);
        if (reply.has("error")) {
          throw new MonitorException(command + ": " + reply.get("error"), null);
        }
        if (reply.has("return")) {
          return reply.get("return");
        }
      }
      throw new MonitorException(
          "QEMU ended: " + Files.readString(folder.resolve("qemu.log")), null);
    } catch (MonitorException e) {
      throw e;
    } catch (IOException e) {
      throw new MonitorException(command + ": " + e.getMessage(), e);
    }
  }

  @Override
  public String human(String line) throws MonitorException {
    return execute("human-monitor-command", Map.of("command-line", line))
        .asText()
        .replace("\r\n", "\n");
  }

  @Override
  public UUID uuid() {
    return new UUID(0x4000, 0x8000000000000000L);
  }

  @Override
  public String name() {
    return "hostmem-test";
  }

  @Override
  public String run() {
    return Long.toString(process.pid());
  }

  @Override
  public GuestLayout layout() throws IOException {
    return GuestLayouts.of(this);
  }

  @Override
  public MachineFacts facts() throws IOException {
    return new MachineFacts(
        "QEMU",
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of("tcg"),
        OptionalLong.of(pid()),
        OptionalLong.empty(),
        OptionalInt.of(1),
        OptionalLong.of(execute("query-balloon", Map.of()).get("actual").longValue()),
        List.of());
  }

  @Override
  public Monitor monitor() {
    return this;
  }

  @Override
  public long pid() {
    return process.pid();
  }

  @Override
  public boolean isPaused() throws IOException {
    return !execute("query-status", Map.of()).get("running").booleanValue();
  }

  @Override
  public void suspend() throws IOException {
    stop();
  }

  @Override
  public void resume() throws IOException {
    execute("cont", Map.of());
  }

  @Override
  public void peek(long gpa, ByteBuffer target) throws IOException {
    throw new IOException("there is no libvirt");
  }

  @Override
  public void dumpCore(Path file) throws IOException {
    throw new IOException("there is no libvirt");
  }

  @Override
  public void snapshotMemory(Path file) throws IOException {
    throw new IOException("there is no libvirt");
  }

  /** Ends it at once. */
  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        throw new IOException("QEMU does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
