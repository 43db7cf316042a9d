package io.ramtide.testkit.windows.network;

import io.ramtide.testkit.ram.WritableRam;
import io.ramtide.testkit.windows.network.Endpoint.Kind;
import io.ramtide.testkit.windows.pool.PoolBlock;
import io.ramtide.testkit.windows.process.SimProcess;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

/** Pages with things that look like endpoints and are none. */
final class EndpointDecoys {

  /**
   * A decoy in RAM.
   *
   * @param gpa guest-physical address of its pool header, or of its page where there are many
   */
  record Decoy(String kind, long gpa) {}

  private static final int PAGE = WritableRam.FRAME;
  private static final List<String> TAGS = List.of("connection", "listener", "udp", "timeWait");
  private static final int OTHER_FAMILY = 7;
  private static final long GARBAGE = 0x4141_4141_4141_4141L;

  private final Memory memory;
  private final EndpointWriter writer;
  private final SimProcess owner;
  private final long time;
  private final Random random;
  private final long otherFamily;
  private final Map<Kind, byte[]> templates = new EnumMap<>(Kind.class);
  private final List<Decoy> made = new ArrayList<>();

  EndpointDecoys(Memory memory, EndpointWriter writer, SimProcess owner, long time) {
    this.memory = memory;
    this.writer = writer;
    this.owner = owner;
    this.time = time;
    random = new Random(time);
    otherFamily = memory.make("family", "_INETAF").u16("AddressFamily", OTHER_FAMILY).va();
  }

  /** Makes each kind twice: in a page the kernel maps, and in one that nobody maps. */
  List<Decoy> make() {
    for (boolean mapped : new boolean[] {true, false}) {
      for (Kind kind : Kind.values()) {
        damaged(kind, mapped, "family wrong", b -> field(b, kind, "InetAF", otherFamily));
        damaged(kind, mapped, "family address garbage", b -> field(b, kind, "InetAF", GARBAGE));
        damaged(kind, mapped, "pool block too small", b -> b.put(2, (byte) 3));
        cutAtPageEnd(kind, mapped);
      }
      for (Kind kind : List.of(Kind.LISTENER, Kind.UDP, Kind.CONNECTION)) {
        damaged(kind, mapped, "owner is no process", b -> field(b, kind, "Owner", otherFamily));
        damaged(kind, mapped, "owner address garbage", b -> field(b, kind, "Owner", GARBAGE));
      }
      damaged(
          Kind.CONNECTION,
          mapped,
          "state out of range",
          b -> b.putInt(at(Kind.CONNECTION, "State"), 0x55));
      damaged(
          Kind.LISTENER, mapped, "port 0", b -> b.putShort(at(Kind.LISTENER, "Port"), (short) 0));
      page("tags in random data", mapped, taggedNoise());
      page("tags in text", mapped, text());
    }
    return List.copyOf(made);
  }

  private void damaged(Kind kind, boolean mapped, String what, Consumer<ByteBuffer> damage) {
    ByteBuffer block = block(kind);
    damage.accept(block);
    byte[] page = new byte[PAGE];
    int at = 16 * random.nextInt((PAGE - block.capacity()) / 16);
    block.get(0, page, at, block.capacity());
    made.add(new Decoy(tag(kind) + " " + what, put(mapped, page) + at));
  }

  private void cutAtPageEnd(Kind kind, boolean mapped) {
    byte[] page = new byte[PAGE];
    int kept = 0x20; // less than any of them needs
    block(kind).get(0, page, PAGE - kept, kept);
    made.add(new Decoy(tag(kind) + " cut off at the page end", put(mapped, page) + PAGE - kept));
  }

  private void page(String kind, boolean mapped, byte[] page) {
    made.add(new Decoy(kind, put(mapped, page)));
  }

  private long put(boolean mapped, byte[] page) {
    long gpa =
        mapped
            ? memory.space().kernel.translate(memory.pool().allocatePage())
            : memory.space().frames.allocate();
    memory.space().ram.put(gpa, page);
    return gpa;
  }

  /** A whole pool block with an endpoint that would pass, were it not for the damage. */
  private ByteBuffer block(Kind kind) {
    byte[] bytes = templates.computeIfAbsent(kind, this::template).clone();
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private byte[] template(Kind kind) {
    boolean bound = kind == Kind.LISTENER || kind == Kind.UDP;
    Endpoint endpoint =
        new Endpoint(
            0,
            kind,
            owner,
            Address.of(BootEndpoints.IPV4),
            50_100 + random.nextInt(9_000),
            bound ? null : Address.of("203.0.113.10"),
            bound ? 0 : 443,
            kind == Kind.CONNECTION ? "ESTABLISHED" : null,
            time - random.nextInt(1 << 30));
    PoolBlock block = writer.write(endpoint);
    byte[] bytes = memory.read(block);
    memory.pool().free(block);
    memory.wipe(block);
    return bytes;
  }

  private int at(Kind kind, String field) {
    return PoolBlock.HEADER + memory.facts().offset(EndpointWriter.type(kind), field);
  }

  private void field(ByteBuffer block, Kind kind, String field, long value) {
    block.putLong(at(kind, field), value);
  }

  private String tag(Kind kind) {
    return new String(memory.facts().tag(EndpointWriter.tag(kind)), StandardCharsets.US_ASCII);
  }

  private byte[] taggedNoise() {
    byte[] page = new byte[PAGE];
    random.nextBytes(page);
    for (int at = 0; at < PAGE; at += 128) {
      String use = TAGS.get(at / 128 % TAGS.size());
      System.arraycopy(memory.facts().tag(use), 0, page, at + 4, 4);
      page[at + 2] = (byte) (0x30 + random.nextInt(32)); // BlockSize: as large as any of them
      page[at + 3] = PoolBlock.NON_PAGED;
    }
    return page;
  }

  private byte[] text() {
    byte[] line = "Network: TcpE TcpL TTcb UdpA TcTW\n".getBytes(StandardCharsets.US_ASCII);
    byte[] page = new byte[PAGE];
    for (int at = 0; at < PAGE; at++) {
      page[at] = line[at % line.length];
    }
    return page;
  }
}
