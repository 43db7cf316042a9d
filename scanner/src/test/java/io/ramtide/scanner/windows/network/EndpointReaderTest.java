package io.ramtide.scanner.windows.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.scanner.windows.network.Endpoint.Side;
import io.ramtide.scanner.windows.network.EndpointType.Kind;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointReaderTest {
  private static final int AF_INET = 2;
  private static final int AF_INET6 = 23;

  private final TinyEndpoints tiny = new TinyEndpoints();
  private final EndpointType connection = TinyEndpoints.type(Kind.connection, 19041);

  /** Builds of Windows with a tcpip.sys of their own, and one of 24H2. */
  static IntStream builds() {
    return IntStream.of(
        7601, 9200, 9600, 10240, 10586, 14393, 15063, 16299, 17134, 17763, 18362, 18363, 19041,
        19045, 20348, 22000, 26100);
  }

  /** Those of which Owner is known. */
  static IntStream fixedBuilds() {
    return builds().filter(build -> build < 22000);
  }

  /** From the public facts, by hand. */
  @ParameterizedTest
  @CsvSource({
    "connection, 7601, 68, 6c, 238, 0",
    "connection, 9200, 6c, 70, 250, 0",
    "connection, 9600, 6c, 70, 258, 0",
    "connection, 14393, 6c, 70, 258, 268",
    "connection, 16299, 6c, 70, 270, 280",
    "connection, 17134, 6c, 70, 278, 288",
    "connection, 17763, 6c, 70, 2c8, 2d8",
    "connection, 18363, 6c, 70, 290, 2a0",
    "connection, 19045, 6c, 70, 2d8, 2e8",
    "connection, 20348, 6c, 70, 2f0, 308",
    "listener, 7601, , 6a, 28, 20",
    "listener, 9600, , 6a, 28, 40",
    "listener, 19041, , 72, 30, 40",
    "listener, 26100, , 7a, 38, 48",
    "udp, 7601, , 80, 28, 58",
    "udp, 9600, , 78, 28, 58",
    "udp, 17763, , 78, 28, 58",
    "udp, 22000, , a0, 28, 58",
    "udp, 26100, , a8, 30, 60",
    "timeWait, 7601, , 48, , ",
    "timeWait, 22000, , 4a, , 98"
  })
  void fields_areWhereThatBuildHasThem(
      Kind kind, int build, String state, String port, String owner, String time) {
    EndpointType type = TinyEndpoints.type(kind, build);

    assertThat(offset(type, EndpointType.STATE)).isEqualTo(state);
    assertThat(offset(type, EndpointType.LOCAL_PORT)).isEqualTo(port);
    assertThat(offset(type, EndpointType.OWNER)).isEqualTo(owner);
    assertThat(offset(type, EndpointType.CREATE_TIME)).isEqualTo(time);
  }

  private static String offset(EndpointType type, String field) {
    return type.fields().has(field) ? Integer.toHexString(type.fields().offset(field)) : null;
  }

  @ParameterizedTest
  @MethodSource("fixedBuilds")
  void connection_ofIpv4AndOfIpv6_isReadOnEveryBuild(int build) {
    EndpointType type = TinyEndpoints.type(Kind.connection, build);
    long four = tiny.write(type, AF_INET, TinyEndpoints.IPV4, TinyEndpoints.REMOTE4);
    long six = tiny.write(type, AF_INET6, TinyEndpoints.IPV6, TinyEndpoints.REMOTE6);

    Endpoint found = tiny.read(type, four).orElseThrow();
    assertThat(found.ipVersion()).isEqualTo(4);
    assertThat(found.state()).isEqualTo("ESTABLISHED");
    assertThat(found.local()).isEqualTo(new Side("10.20.30.40", null, 49701));
    assertThat(found.remote()).isEqualTo(new Side("203.0.113.5", null, 443));
    assertThat(found.owner().pid()).isEqualTo(100);
    assertThat(found.owner().name()).isEqualTo("tiny.exe");
    assertThat(found.owner().va()).isEqualTo(tiny.tiny.process);
    assertThat(found.createTime()).isEqualTo(TinyEndpoints.TIME);
    found = tiny.read(type, six).orElseThrow();
    assertThat(found.ipVersion()).isEqualTo(6);
    assertThat(found.local().address()).isEqualTo("2001:db8::7");
    assertThat(found.remote().address()).isEqualTo("2001:db8:feed::5e1b");
  }

  @ParameterizedTest
  @MethodSource("builds")
  void listenerAndUdp_ofAnAddressAndOfAny_areReadOnEveryBuild(int build) {
    for (Kind kind : new Kind[] {Kind.listener, Kind.udp}) {
      EndpointType type = TinyEndpoints.type(kind, build);
      String state = kind == Kind.udp ? null : "LISTENING";
      long one = tiny.write(type, AF_INET, TinyEndpoints.IPV4, null);
      long any = tiny.write(type, AF_INET, null, null);
      long any6 = tiny.write(type, AF_INET6, null, null);

      assertThat(tiny.read(type, one).orElseThrow())
          .returns(state, Endpoint::state)
          .returns(new Side("10.20.30.40", null, 49701), Endpoint::local)
          .returns(null, Endpoint::remote)
          .returns(TinyEndpoints.TIME, Endpoint::createTime);
      assertThat(tiny.read(type, any).orElseThrow().local().address()).isEqualTo("0.0.0.0");
      assertThat(tiny.read(type, any6).orElseThrow().local().address()).isEqualTo("::");
      assertThat(tiny.read(type, any6).orElseThrow().ipVersion()).isEqualTo(6);
    }
  }

  @ParameterizedTest
  @MethodSource("builds")
  void timeWait_isReadOnEveryBuild_withoutOwner(int build) {
    EndpointType type = TinyEndpoints.type(Kind.timeWait, build);
    long va = tiny.write(type, AF_INET6, TinyEndpoints.IPV6, TinyEndpoints.REMOTE6);

    assertThat(tiny.read(type, va).orElseThrow())
        .returns("TIME_WAIT", Endpoint::state)
        .returns(null, Endpoint::owner)
        .returns(new Side("2001:db8::7", null, 49701), Endpoint::local)
        .returns(new Side("2001:db8:feed::5e1b", null, 443), Endpoint::remote);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 10, 22, 24, 0x1002})
  void otherAddressFamily_isNoEndpoint(int family) {
    long va = tiny.write(connection, family & 0xff, TinyEndpoints.IPV4, TinyEndpoints.REMOTE4);
    tiny.lead(connection.family(), va, new byte[] {(byte) family, (byte) (family >> 8)});

    assertThat(tiny.read(connection, va)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {10, 11, 14, 255, 0x100_0004L, 0xffff_ffffL})
  void impossibleState_isNoEndpoint(long state) {
    long va = tiny.write(connection, AF_INET, TinyEndpoints.IPV4, TinyEndpoints.REMOTE4);
    tiny.set(connection, va, EndpointType.STATE, 4, state);

    assertThat(tiny.read(connection, va)).isEmpty();
  }

  @Test
  void portZero_isOfClosedConnectionsAndUnboundUdpAlone() {
    long va = tiny.write(connection, AF_INET, TinyEndpoints.IPV4, TinyEndpoints.REMOTE4);
    tiny.set(connection, va, EndpointType.REMOTE_PORT, 2, 0);
    assertThat(tiny.read(connection, va)).isEmpty();
    tiny.set(connection, va, EndpointType.STATE, 4, 0);
    assertThat(tiny.read(connection, va).orElseThrow().state()).isEqualTo("CLOSED");

    EndpointType listener = TinyEndpoints.type(Kind.listener, 19041);
    long none = tiny.write(listener, AF_INET, null, null);
    tiny.set(listener, none, EndpointType.LOCAL_PORT, 2, 0);
    assertThat(tiny.read(listener, none)).isEmpty();
    EndpointType udp = TinyEndpoints.type(Kind.udp, 19041);
    long unbound = tiny.write(udp, AF_INET, null, null);
    tiny.set(udp, unbound, EndpointType.LOCAL_PORT, 2, 0);
    assertThat(tiny.read(udp, unbound)).isPresent();
  }

  @Test
  void ownerThatIsNoProcess_isNoEndpoint_butARemnantOfOneThatEnded() {
    long va = tiny.write(connection, AF_INET, TinyEndpoints.IPV4, TinyEndpoints.REMOTE4);
    tiny.set(connection, va, EndpointType.OWNER, 8, tiny.tiny.alloc(0x1000) & -16L);

    assertThat(tiny.read(connection, va)).isEmpty();
    assertThat(tiny.readFreed(connection, va).orElseThrow().ownerStatus())
        .isEqualTo("no process there");
    tiny.set(connection, va, EndpointType.CREATE_TIME, 8, 1);
    assertThat(tiny.readFreed(connection, va)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 0x7fff_0000_1000L, 0xffff_a000_7000_0000L, 0x8000_0000_0000_0000L})
  void ownerThatLeadsNowhere_isNoEndpoint(long owner) {
    long va = tiny.write(connection, AF_INET, TinyEndpoints.IPV4, TinyEndpoints.REMOTE4);
    tiny.set(connection, va, EndpointType.OWNER, 8, owner);

    assertThat(tiny.read(connection, va)).isEmpty();
  }

  @Test
  void ownerThatWasNotCaptured_isSaidSo() {
    long owner = 0xffff_b000_0000_0000L;
    tiny.tiny.memory.putLong(tiny.tiny.pte(owner), 0x7fff_f000L | 0x67);
    long va = tiny.write(connection, AF_INET, TinyEndpoints.IPV4, TinyEndpoints.REMOTE4);
    tiny.set(connection, va, EndpointType.OWNER, 8, owner);

    Endpoint found = tiny.read(connection, va).orElseThrow();
    assertThat(found.ownerStatus()).isEqualTo("not captured");
    assertThat(found.owner().pid()).isNull();
    assertThat(found.owner().va()).isEqualTo(owner);
  }

  @Test
  void addressThatIsPagedOut_isSaidSo_andTheRestIsTold() {
    long page = 0xffff_b100_0000_0000L;
    tiny.tiny.memory.putLong(tiny.tiny.pte(page), 0x0000_1234_0000_0080L);
    long va = tiny.write(connection, AF_INET, TinyEndpoints.IPV4, null);
    long pair = tiny.guest.space().qword(va + connection.remote().offsets().get(0)).orElseThrow();
    tiny.tiny.put(pair + connection.remote().offsets().get(1), 8, page);

    Endpoint found = tiny.read(connection, va).orElseThrow();
    assertThat(found.local().address()).isEqualTo("10.20.30.40");
    assertThat(found.remote()).isEqualTo(new Side(null, "paged out", 443));
    assertThat(found.addressStatus()).isEqualTo("paged out");
    assertThat(found.unread()).isEqualTo("paged out");
  }

  /** A socket that was bound and never connected: Windows has many. */
  @Test
  void addressThatWasNeverSet_isNotMissing() {
    long va = tiny.write(connection, AF_INET, TinyEndpoints.IPV4, null);
    tiny.set(connection, va, EndpointType.STATE, 4, 0);

    Endpoint found = tiny.read(connection, va).orElseThrow();
    assertThat(found.addressStatus()).isEqualTo("none");
    assertThat(found.unread()).isNull();
  }

  @Test
  void familyThatWasNotCaptured_isNoted() {
    long page = 0xffff_b000_0000_0000L;
    tiny.tiny.memory.putLong(tiny.tiny.pte(page), 0x7fff_f000L | 0x67);
    long va = tiny.write(connection, AF_INET, TinyEndpoints.IPV4, TinyEndpoints.REMOTE4);
    tiny.tiny.put(va + connection.family().offsets().get(0), 8, page);

    assertThat(tiny.read(connection, va)).isEmpty();
    assertThat(tiny.reader.unjudged()).containsEntry("not captured", 1);
  }

  @Test
  void timeThatIsNone_isNotTold_andHidesNothing() {
    long va = tiny.write(connection, AF_INET, TinyEndpoints.IPV4, TinyEndpoints.REMOTE4);
    tiny.set(connection, va, EndpointType.CREATE_TIME, 8, -1);

    assertThat(tiny.read(connection, va).orElseThrow().createTime()).isNull();
  }

  @Test
  void timeWaitToNowhere_isNoEndpoint() {
    EndpointType type = TinyEndpoints.type(Kind.timeWait, 19041);
    long toAny = tiny.write(type, AF_INET, TinyEndpoints.IPV4, "00000000");
    long fromNothing = tiny.write(type, AF_INET, null, TinyEndpoints.REMOTE4);
    long timeless = tiny.write(type, AF_INET, TinyEndpoints.IPV4, TinyEndpoints.REMOTE4);
    tiny.set(type, timeless, EndpointType.CREATE_TIME, 8, 5);

    assertThat(tiny.read(type, toAny)).isEmpty();
    assertThat(tiny.read(type, fromNothing)).isEmpty();
    assertThat(tiny.read(type, timeless)).isEmpty();
  }

  /** Noise, half of it pointers to noise: 4,096 places for every kind of every build. */
  @Test
  void noise_isNoEndpoint() {
    Random random = new Random(5);
    int bytes = 1 << 16;
    long noise = tiny.tiny.alloc(bytes + 0x1000);
    for (int at = 0; at < bytes + 0x1000; at += 8) {
      long pointer = noise + (random.nextInt(bytes) & -8);
      tiny.tiny.put(noise + at, 8, random.nextBoolean() ? pointer : random.nextLong());
    }

    for (Kind kind : Kind.values()) {
      for (int build : builds().toArray()) {
        for (EndpointType.Candidate candidate : EndpointType.candidates(kind, build)) {
          EndpointType type = candidate.isFixed() ? candidate.type() : candidate.withOwner(0x2f0);
          for (int at = 0; at < bytes; at += 16) {
            assertThat(tiny.reader.read(type, noise + at, (at & 16) == 0)).isEmpty();
          }
        }
      }
    }
  }
}
