package io.ramtide.scanner.windows;

import io.ramtide.schemas.EndpointFinding;
import io.ramtide.schemas.RegistryKeyFinding;
import io.ramtide.testkit.GroundTruth;
import io.ramtide.testkit.truth.EndpointTruth;
import io.ramtide.testkit.truth.HiveTruth;
import io.ramtide.testkit.truth.KeyTruth;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;

/** What an attack is not to hide, as it is true, and as it was found. */
final class Spared {
  private static final String MACHINE = "\\REGISTRY\\MACHINE\\";

  private Spared() {}

  private record Key(String hive, String path, long time, List<Integer> values) {}

  private record Endpoint(long gpa, int port, String address) {}

  /** All that is true of some things, as {@link HostileAttack#spared} names them. */
  static Set<Object> of(GroundTruth truth, List<String> spared) {
    Set<Object> all = new HashSet<>();
    for (HiveTruth hive : truth.hives()) {
      if (spared.contains(hive.path().replace(MACHINE, ""))) {
        hive.keys().stream().filter(KeyTruth::readable).map(Spared::key).forEach(all::add);
      }
    }
    if (spared.contains("endpoints")) {
      truth.endpoints().stream()
          .filter(endpoint -> !endpoint.stale())
          .map(Spared::endpoint)
          .forEach(all::add);
    }
    return all;
  }

  private static Key key(KeyTruth key) {
    return new Key(
        key.hive(),
        key.key(),
        key.lastWriteTime(),
        key.values().stream().map(value -> Arrays.hashCode(value.data())).toList());
  }

  private static Endpoint endpoint(EndpointTruth endpoint) {
    return new Endpoint(endpoint.objectGpa(), endpoint.localPort(), endpoint.localAddress());
  }

  /** What a finding tells, to be compared with that. */
  static Object of(SpecificRecord finding) {
    if (finding instanceof RegistryKeyFinding key) {
      return new Key(
          key.getHive(),
          key.getKey(),
          key.getLastWriteTime(),
          key.getValueList().stream()
              .map(value -> value.getData() == null ? 0 : Arrays.hashCode(value.getData().array()))
              .toList());
    }
    return finding instanceof EndpointFinding endpoint
        ? new Endpoint(endpoint.getObjectGpa(), endpoint.getLocalPort(), endpoint.getLocalAddress())
        : finding;
  }
}
