package io.ramtide.testkit.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * A running QEMU guest with one processor, a read-only disk and a balloon. Its program (see {@link
 * GuestProgram}) writes into a few pages of RAM some hundred times a second, and sleeps in between.
 */
public final class LabGuest implements Closeable {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Lab lab;
  private final GuestConfig config;
  private LabRam ram;

  private LabGuest(Lab lab, GuestConfig config) {
    this.lab = lab;
    this.config = config;
  }

  public String name() {
    return config.name();
  }

  public UUID uuid() {
    return config.uuid();
  }

  /** QEMU's process id now. */
  public long pid() throws IOException {
    return Long.parseLong(Files.readString(pidFile()).strip());
  }

  private Path pidFile() {
    return lab.folder().resolve("run/qemu/" + name() + ".pid");
  }

  /** What its RAM holds, DIMMs that were plugged included. Not valid any more once it ended. */
  public LabRam ram() throws IOException {
    if (ram == null) {
      ram = new LabRamFinder(this, config).find();
    }
    return ram;
  }

  /** The program stops writing; when this returns it has. The processor runs on. */
  public void hold() throws IOException {
    mode(GuestProgram.HOLD);
  }

  /** The program goes on writing. */
  public void run() throws IOException {
    mode(GuestProgram.RUN);
  }

  /** The program writes as fast as it can, without sleeping. */
  public void hurry() throws IOException {
    mode(GuestProgram.HURRY);
  }

  private void mode(int mode) throws IOException {
    writeInt(GuestProgram.MODE, mode);
    Waiting.until("the guest's program obeys", () -> readInt(GuestProgram.OBEYED) == mode);
  }

  /** How often the program has written since it was booted. */
  public long counter() throws IOException {
    return numbers(GuestProgram.COUNTER, 8).getLong();
  }

  /** The page table root that the processor says it has, below 4 GiB. It uses none. */
  public void cr3(long gpa) throws IOException {
    writeInt(GuestProgram.CR3, Math.toIntExact(gpa));
  }

  /** Plugs a DIMM; needs {@link Builder#hotplugSlots}. The program does not touch it. */
  public void plugDimm(int mib) throws IOException {
    Path xml = lab.folder().resolve(name() + "-dimm.xml");
    Files.writeString(
        xml,
        "<memory model='dimm'><target><size unit='MiB'>%d</size><node>0</node></target></memory>"
            .formatted(mib));
    lab.virsh("attach-device", name(), xml.toString(), "--live");
    ram = null;
  }

  /** Resets the machine, in the same QEMU process, and waits until its program writes again. */
  public void reboot() throws IOException {
    writeInt(GuestProgram.BOOTED, 0);
    lab.virsh("reset", name());
    awaitProgram();
  }

  /** After two rounds it was interrupted once: a program that is held now has its stack's bytes. */
  private void awaitProgram() throws IOException {
    Waiting.until(
        "the guest's program runs",
        () -> {
          requireRunning();
          return readInt(GuestProgram.BOOTED) == 1 && counter() >= 2;
        });
  }

  private void requireRunning() throws IOException {
    if (!Files.exists(pidFile())) {
      Path log = lab.folder().resolve("log/qemu/" + name() + ".log");
      throw new IOException(
          name() + " ended" + (Files.exists(log) ? ": " + Files.readString(log) : ""));
    }
  }

  /**
   * Runs a command of QEMU's monitor, e.g. {"execute":"query-status"}.
   *
   * @return what it returned, as JSON
   */
  public String qmp(String json) throws IOException {
    String printed = lab.virsh("qemu-monitor-command", name(), json);
    JsonNode answer = JSON.readTree(printed);
    if (!answer.has("return")) {
      throw new IOException(json + ": " + printed);
    }
    return answer.get("return").toString();
  }

  JsonNode query(String command) throws IOException {
    return JSON.readTree(qmp(JSON.writeValueAsString(Map.of("execute", command))));
  }

  /** Runs a line of QEMU's human monitor. */
  public String hmp(String line) throws IOException {
    return lab.virsh("qemu-monitor-command", name(), "--hmp", line);
  }

  /** Ends it at once. */
  public void destroy() throws IOException {
    lab.virsh("destroy", name());
    ram = null;
  }

  /** Ends it if it still runs. */
  @Override
  public void close() {
    try {
      if (Files.exists(pidFile())) {
        destroy();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private int readInt(long gpa) throws IOException {
    return numbers(gpa, 4).getInt();
  }

  private ByteBuffer numbers(long gpa, int length) throws IOException {
    return ByteBuffer.wrap(ram().read(gpa, length)).order(ByteOrder.LITTLE_ENDIAN);
  }

  private void writeInt(long gpa, int value) throws IOException {
    ram().write(gpa, ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
  }

  /** How a guest is built. By default: pc, 64 MiB in one memfd, no slots for DIMMs. */
  public static final class Builder {
    private static final int DISK_BYTES = 1 << 20; // the firmware does not boot from a few sectors

    private final Lab lab;
    private final String name;
    private Optional<UUID> uuid = Optional.empty();
    private String machine = "pc";
    private int memoryMib = 64;
    private Backing backing = Backing.MEMFD;
    private int numaNodes;
    private int hotplugSlots;

    Builder(Lab lab, String name) {
      this.lab = lab;
      this.name = name;
    }

    /** As the one that ended, for a new start of the same guest; by default a new one. */
    public Builder uuid(UUID id) {
      uuid = Optional.of(id);
      return this;
    }

    /** pc or q35. */
    public Builder machine(String type) {
      machine = type;
      return this;
    }

    /** RAM; a guest whose program alone runs needs next to none of it. */
    public Builder memoryMib(int mib) {
      memoryMib = mib;
      return this;
    }

    public Builder backing(Backing type) {
      backing = type;
      return this;
    }

    /** RAM in so many equal NUMA nodes; 0 for none. */
    public Builder numaNodes(int count) {
      numaNodes = count;
      return this;
    }

    /** Room for so many DIMMs, of up to 1 GiB each. */
    public Builder hotplugSlots(int count) {
      hotplugSlots = count;
      return this;
    }

    /** Starts it and waits until its program writes. */
    public LabGuest start() throws IOException {
      GuestConfig config =
          new GuestConfig(
              name,
              uuid.orElseGet(UUID::randomUUID),
              machine,
              memoryMib,
              backing,
              numaNodes,
              hotplugSlots);
      Path disk = lab.folder().resolve(name + ".img");
      Path xml = lab.folder().resolve(name + ".xml");
      Files.write(disk, Arrays.copyOf(GuestProgram.bootSector(), DISK_BYTES));
      Files.writeString(xml, config.xml(disk));
      lab.virsh("create", xml.toString());
      LabGuest guest = new LabGuest(lab, config);
      try {
        guest.awaitProgram();
        return guest;
      } catch (IOException e) {
        guest.close();
        throw e;
      }
    }
  }
}
