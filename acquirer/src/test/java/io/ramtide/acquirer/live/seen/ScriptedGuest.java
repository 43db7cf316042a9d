package io.ramtide.acquirer.live.seen;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ramtide.acquirer.live.GuestGoneException;
import io.ramtide.acquirer.live.LiveGuest;
import io.ramtide.acquirer.live.MethodUnavailableException;
import io.ramtide.acquirer.qemu.GuestLayout;
import io.ramtide.acquirer.qemu.Monitor;
import io.ramtide.acquirer.qemu.MonitorException;
import io.ramtide.acquirer.qemu.RamRegion;
import io.ramtide.acquirer.source.MachineFacts;
import io.ramtide.acquirer.source.MemoryRange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;

/**
 * A guest with 2 MiB of RAM at 0 and 1 MiB at 4 GiB, whose chipset shows something else at 0xa0000
 * to 0xbffff, and a QEMU that does what a test tells it to.
 */
final class ScriptedGuest implements LiveGuest, Monitor {
  static final long HIGH = 4L << 30;
  static final MemoryRange HIDDEN = new MemoryRange(0xa0000, 0x20000);
  private static final String VIEW =
      """
      FlatView #0
       AS "memory", root: system
        0000000000000000-000000000009ffff (prio 0, ram): pc.ram
        00000000000a0000-00000000000bffff (prio 1, i/o): vga-lowmem
        00000000000c0000-00000000001fffff (prio 0, ram): pc.ram @00000000000c0000
        0000000100000000-00000001000fffff (prio 0, ram): pc.ram @0000000000200000
      """;

  /** Bytes that are written instead of what pmemsave or a dump should write. */
  interface Writer {
    void write(Path file, byte[] right) throws IOException;
  }

  byte[] ram = new byte[3 << 20];
  final List<String> saves = new ArrayList<>();
  final List<Integer> peeks = new ArrayList<>();
  Writer writer = Files::write;
  Runnable afterDump = () -> {};
  String view = VIEW;
  String run = "1";
  boolean ended;
  boolean remote;
  OptionalLong balloon = OptionalLong.empty();
  List<RamRegion> regions =
      List.of(
          new RamRegion(new MemoryRange(0, 2 << 20), "pc.ram", 0, OptionalLong.empty()),
          new RamRegion(new MemoryRange(HIGH, 1 << 20), "pc.ram", 2 << 20, OptionalLong.empty()));

  ScriptedGuest() {
    new Random(1).nextBytes(ram);
  }

  /** RAM as it should be read. */
  byte[] at(long gpa, int bytes) {
    int start = (int) (gpa < HIGH ? gpa : gpa - HIGH + (2 << 20));
    return Arrays.copyOfRange(ram, start, start + bytes);
  }

  private void requireThere() throws GuestGoneException {
    if (ended) {
      throw new GuestGoneException("it has ended", null);
    }
  }

  @Override
  public UUID uuid() {
    return new UUID(1, 2);
  }

  @Override
  public String name() {
    return "scripted";
  }

  @Override
  public String run() {
    return run;
  }

  @Override
  public GuestLayout layout() throws IOException {
    requireThere();
    return new GuestLayout(regions);
  }

  @Override
  public MachineFacts facts() throws IOException {
    requireThere();
    return new MachineFacts(
        "QEMU",
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        OptionalLong.empty(),
        OptionalLong.empty(),
        OptionalInt.empty(),
        balloon,
        List.of());
  }

  @Override
  public Monitor monitor() throws IOException {
    return this;
  }

  @Override
  public JsonNode execute(String command, Map<String, ?> arguments) throws MonitorException {
    requireAnswering();
    if (!command.equals("pmemsave")) {
      throw new MonitorException(command + ": CommandNotFound", null);
    }
    long gpa = ((Number) arguments.get("val")).longValue();
    int bytes = ((Number) arguments.get("size")).intValue();
    saves.add("0x%x+0x%x".formatted(gpa, bytes));
    try {
      writer.write(Path.of((String) arguments.get("filename")), at(gpa, bytes));
    } catch (IOException e) {
      throw new MonitorException("GenericError: " + e.getMessage(), null);
    }
    return JsonNodeFactory.instance.objectNode();
  }

  @Override
  public String human(String line) throws MonitorException {
    requireAnswering();
    return switch (line) {
      case "info mtree -f" -> view;
      case "info registers -a" -> "CPU#0\nCR0=80050033 CR2=0 CR3=00000000001ad000 CR4=0\n";
      default -> throw new MonitorException(line + ": not told", null);
    };
  }

  private void requireAnswering() throws MonitorException {
    if (ended) {
      throw new MonitorException("no answer", new GuestGoneException("it has ended", null));
    }
  }

  @Override
  public long pid() throws IOException {
    if (remote) {
      throw new MethodUnavailableException("it runs on another host", null);
    }
    return ProcessHandle.current().pid();
  }

  @Override
  public boolean isPaused() {
    return false;
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
  public void peek(long gpa, ByteBuffer target) throws IOException {
    requireThere();
    peeks.add(target.remaining());
    target.put(at(gpa, target.remaining()));
  }

  @Override
  public void dumpCore(Path file) throws IOException {
    requireThere();
    writer.write(file, CoreFile.of(this));
    try {
      afterDump.run();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  @Override
  public void snapshotMemory(Path file) {
    throw new UnsupportedOperationException();
  }
}
