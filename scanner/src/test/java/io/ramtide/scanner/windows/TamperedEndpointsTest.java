package io.ramtide.scanner.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.scanner.memory.TestMemory;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.schemas.EndpointFinding;
import io.ramtide.schemas.View;
import io.ramtide.testkit.GroundTruth;
import io.ramtide.testkit.SimulatedGuest;
import io.ramtide.testkit.truth.EndpointTruth;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Endpoints of which somebody changed what would give them away. */
class TamperedEndpointsTest {
  private static final int OWNER = 0x2d8;
  private static final int POOL_HEADER = 16;

  @TempDir Path folder;

  private SimulatedGuest guest;
  private Path file;
  private GroundTruth truth;

  @BeforeEach
  void boot() {
    guest = SimulatedGuest.ofBuild(19041, 29).boot();
  }

  private void capture() throws IOException {
    file = folder.resolve("ram.raw");
    guest.snapshot().writeRaw(file);
    truth = guest.truth();
  }

  /** In a raw dump, bytes are where their GPA says. */
  private void write(long gpa, byte... bytes) throws IOException {
    try (RandomAccessFile ram = new RandomAccessFile(file.toFile(), "rw")) {
      ram.seek(gpa);
      ram.write(bytes);
    }
  }

  private EndpointTruth first(String state, String view) {
    return truth.endpoints().stream()
        .filter(endpoint -> state.equals(endpoint.state()) && endpoint.seenBy().contains(view))
        .findFirst()
        .orElseThrow();
  }

  private EndpointFinding found(long gpa) throws IOException {
    List<EndpointFinding> found = new ArrayList<>();
    new WindowsAnalyzer()
        .analyze(
            TestMemory.raw(file),
            Set.of(What.endpoints),
            finding -> {
              if (finding instanceof EndpointFinding endpoint && endpoint.getObjectGpa() == gpa) {
                found.add(endpoint);
              }
            });
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  @Test
  void changedPoolTag_hidesNoConnectionOfTheTable() throws IOException {
    capture();
    EndpointTruth target = first("ESTABLISHED", "partitionTable");
    write(target.objectGpa() - POOL_HEADER + 4, new byte[] {'A', 'A', 'A', 'A'});

    EndpointFinding found = found(target.objectGpa());

    assertThat(found.getSeenBy()).containsExactly(View.partitionTable);
    assertThat(found.getRemoteAddress()).isEqualTo(target.remoteAddress());
    assertThat(found.getPid()).isEqualTo(target.pid().longValue());
  }

  @Test
  void changedPoolTag_hidesNoListenerOfAPort() throws IOException {
    capture();
    EndpointTruth target = first("LISTENING", "portTable");
    write(target.objectGpa() - POOL_HEADER + 4, new byte[] {'A', 'A', 'A', 'A'});

    EndpointFinding found = found(target.objectGpa());

    assertThat(found.getSeenBy()).containsExactly(View.portTable);
    assertThat(found.getLocalPort()).isEqualTo(target.localPort());
  }

  @Test
  void connectionOfTheTable_isNotStale_thoughItsBlockSaysFree() throws IOException {
    capture();
    EndpointTruth target = first("ESTABLISHED", "partitionTable");
    write(target.objectGpa() - POOL_HEADER + 3, new byte[] {0});

    assertThat(found(target.objectGpa()).getStale()).isFalse();
  }

  @Test
  void ownerThatIsNone_hidesNoConnectionOfTheTable() throws IOException {
    capture();
    EndpointTruth target = first("ESTABLISHED", "partitionTable");
    write(target.objectGpa() + OWNER, new byte[] {0, 0, 0x40, 0, 0, 0, 0, 0});

    EndpointFinding found = found(target.objectGpa());

    assertThat(found.getRemoteAddress()).isEqualTo(target.remoteAddress());
    assertThat(found.getPid()).isNull();
    assertThat(found.getOwnerVa()).isEqualTo(0x40_0000);
    assertThat(found.getOwnerStatus()).isEqualTo("no process there");
  }

  @Test
  void hiddenOwner_isStillNamed() throws IOException {
    int pid = guest.start("beacon.exe", 4);
    guest.network().connect(pid, "10.20.30.40", 50_123, "198.51.100.7", 8443, "ESTABLISHED");
    guest.unlink(pid);
    capture();
    EndpointTruth target =
        truth.endpoints().stream()
            .filter(endpoint -> endpoint.localPort() == 50_123)
            .findFirst()
            .orElseThrow();

    EndpointFinding found = found(target.objectGpa());

    assertThat(found.getPid()).isEqualTo(pid);
    assertThat(found.getProcessName()).isEqualTo("beacon.exe");
    assertThat(found.getOwnerVa()).isEqualTo(target.ownerVa());
  }

  @Test
  void ownerThatHasExited_isStillNamed() throws IOException {
    int pid = guest.start("short.exe", 4);
    int id = guest.network().connect(pid, "10.20.30.40", 50_124, "198.51.100.8", 443, "FIN_WAIT2");
    guest.exit(pid);
    capture();
    EndpointTruth target =
        truth.endpoints().stream()
            .filter(endpoint -> endpoint.id() == id)
            .findFirst()
            .orElseThrow();

    EndpointFinding found = found(target.objectGpa());

    assertThat(found.getPid()).isEqualTo(pid);
    assertThat(found.getProcessName()).isEqualTo("short.exe");
  }
}
