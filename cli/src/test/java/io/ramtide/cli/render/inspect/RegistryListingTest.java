package io.ramtide.cli.render.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.cli.Output;
import io.ramtide.schemas.AvroSafety;
import io.ramtide.schemas.Coverage;
import io.ramtide.schemas.CoverageStatus;
import io.ramtide.schemas.EndpointFinding;
import io.ramtide.schemas.HiveFinding;
import io.ramtide.schemas.RegistryKeyFinding;
import io.ramtide.schemas.RegistryValue;
import io.ramtide.schemas.View;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RegistryListingTest {
  private static final long TIME = 134_117_966_451_234_567L;

  @BeforeAll
  static void trustTheRecords() {
    AvroSafety.apply();
  }

  private final Output output = new Output();
  private final KindListing listing = new KindListing(output.terminal(false));

  private static RegistryKeyFinding.Builder key(String hive, String key, RegistryValue... values) {
    return RegistryKeyFinding.newBuilder()
        .setHive(hive)
        .setHiveVa(0)
        .setKey(key)
        .setLastWriteTime(TIME)
        .setSubkeys(0)
        .setValues(values.length)
        .setVolatile$(false)
        .setCell(0x20)
        .setValueList(List.of(values));
  }

  private static RegistryValue value(String name, String type, byte[] data, String status) {
    return RegistryValue.newBuilder()
        .setName(name)
        .setType(type)
        .setLength(data == null ? 12 : data.length)
        .setData(data == null ? null : ByteBuffer.wrap(data))
        .setDataStatus(status)
        .setCell(0)
        .build();
  }

  private void print(String kind) {
    listing.print(List.of(new Coverage(kind, CoverageStatus.complete, 1, null)));
  }

  @Test
  void key_hasItsValuesBelowIt() {
    listing.add(
        key(
                "\\REGISTRY\\MACHINE\\SOFTWARE",
                "Microsoft\\Run",
                value("", "REG_NONE", new byte[0], null),
                value("updchk", "REG_SZ", "C:\\x\0".getBytes(StandardCharsets.UTF_16LE), null),
                value("n", "REG_DWORD", new byte[] {16, 0, 0, 0}, null),
                value("b", "REG_BINARY", new byte[100], null),
                value("gone", "REG_SZ", null, "paged out"))
            .build());
    print("registry");
    assertThat(output.lines())
        .containsExactly(
            "registry",
            "2026-01-02 03:04:05.123  HKLM\\SOFTWARE\\Microsoft\\Run",
            "    (default)  REG_NONE       (empty)",
            "    updchk     REG_SZ         \"C:\\x\"",
            "    n          REG_DWORD      16 (0x10)",
            "    b          REG_BINARY     " + "00 ".repeat(63) + "00... (100 bytes)",
            "    gone       REG_SZ         - (paged out)",
            "registry: 1 found, complete",
            "");
  }

  @Test
  void key_saysWhatIsSpecialAndWhatIsMissing() {
    listing.add(
        key("\\REGISTRY\\MACHINE\\SYSTEM", "CurrentControlSet")
            .setVolatile$(true)
            .setClassName("c1")
            .setLinkTarget("\\Registry\\Machine\\System\\ControlSet001")
            .setSubkeysStatus("not captured")
            .setValuesStatus("paged out")
            .build());
    print("registry");
    assertThat(output.lines())
        .contains(
            "2026-01-02 03:04:05.123  HKLM\\SYSTEM\\CurrentControlSet  (volatile)  class c1"
                + "  -> \\Registry\\Machine\\System\\ControlSet001",
            "    (subkeys are missing: not captured)",
            "    (values are missing: paged out)");
  }

  @Test
  void lines_areCutToTheTerminal() {
    KindListing narrow = new KindListing(output.terminal(false, 60));
    byte[] text = "x".repeat(5000).getBytes(StandardCharsets.UTF_16LE);
    narrow.add(
        key("\\REGISTRY\\USER\\S-1-5-18", "k".repeat(200), value("v", "REG_SZ", text, null))
            .build());
    narrow.print(List.of(new Coverage("registry", CoverageStatus.complete, 1, null)));
    assertThat(output.lines()).allMatch(line -> line.length() <= 60);
    assertThat(output.lines().get(1)).contains("  HKU\\S-1-5-18\\kkk").endsWith("k...");
    assertThat(output.lines().get(2)).startsWith("    v  REG_SZ").endsWith("x...");
  }

  @Test
  void moreThanAnyoneReads_isCounted() {
    RegistryValue[] values = new RegistryValue[1 << 12];
    for (int i = 0; i < values.length; i++) {
      values[i] = value("n".repeat(1 << 14), "REG_DWORD", new byte[4], null);
    }
    listing.add(key("\\REGISTRY\\MACHINE\\SYSTEM", "a", values).build());
    print("registry");
    assertThat(output.out()).contains("lines more: --format json prints them all");
    assertThat(output.out().length()).isLessThan((int) KindListing.MAX_CHARACTERS + (1 << 16));
  }

  @Test
  void hives_sayWhatIsMissingOfThem() {
    listing.add(
        HiveFinding.newBuilder()
            .setObjectVa(0xfffff8a000024010L)
            .setPath("\\REGISTRY\\MACHINE\\SYSTEM")
            .setFileNameStatus("paged out")
            .setRootCell(0x20L)
            .setMissingBlocks(3)
            .setMissingWhy("paged out")
            .setSeenBy(List.of(View.hiveList, View.poolScan))
            .build());
    print("hives");
    assertThat(output.out())
        .contains("3 x 4 KiB (paged out)")
        .contains("hiveList,poolScan")
        .contains("\\REGISTRY\\MACHINE\\SYSTEM  (paged out)");
  }

  @Test
  void endpoints_areAsNetstatHasThem() {
    listing.add(
        endpoint(4)
            .setLocalAddress("192.0.2.1")
            .setRemoteAddress("203.0.113.7")
            .setRemotePort(443)
            .setState("ESTABLISHED")
            .setPid(1234L)
            .setProcessName("updchk.exe")
            .setStale(true)
            .build());
    listing.add(endpoint(6).setLocalAddress("::").setState("LISTENING").setPid(4L).build());
    listing.add(
        endpoint(4)
            .setRemotePort(80)
            .setAddressStatus("paged out")
            .setOwnerStatus("not captured")
            .build());
    print("endpoints");
    assertThat(output.lines().get(1)).startsWith("PROTO  LOCAL ");
    assertThat(output.lines().get(2))
        .contains("TCPv4  192.0.2.1:49152 ")
        .contains("  203.0.113.7:443 ")
        .contains("ESTABLISHED, stale  1234  updchk.exe");
    assertThat(output.lines().get(3)).contains("TCPv6  [::]:49152 ").contains("  LISTENING  ");
    assertThat(output.lines().get(4))
        .contains("(paged out):49152")
        .contains("(paged out):80")
        .contains("(not captured)");
  }

  private static EndpointFinding.Builder endpoint(int ipVersion) {
    return EndpointFinding.newBuilder()
        .setProtocol("TCP")
        .setIpVersion(ipVersion)
        .setLocalPort(49152)
        .setSeenBy(List.of(View.poolScan));
  }
}
