package io.ramtide.correlator.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.junit.jupiter.api.Test;

class StateCodecTest {
  @Test
  void decode_returnsWhatWasEncoded() {
    Moment moment = new Moment(3L, 5L, 1L, 2L, true);
    DomainState domain =
        DomainState.newBuilder()
            .setLastCapture(7)
            .setLastDecoded(moment)
            .setOpen(
                OpenCapture.newBuilder()
                    .setCapture(8)
                    .setPartition(0)
                    .setOffset(42)
                    .setKinds(Map.of("process", new KindCount(2, 1, 300L)))
                    .build())
            .build();
    ProcessState process =
        new ProcessState(
            ByteBuffer.wrap(new byte[] {1}), moment, Map.of("r", new RuleState(1, true, null)));

    var domains = new StateCodec<>(DomainState.class);
    var processes = new StateCodec<>(ProcessState.class);
    assertThat(domains.decode("d", domains.encode(domain))).isEqualTo(domain);
    assertThat(processes.decode("p", processes.encode(process))).isEqualTo(process);
  }

  @Test
  void decode_ofForeignState_saysWhoseItIs() {
    var domains = new StateCodec<>(DomainState.class);
    assertThatThrownBy(() -> domains.decode("some-domain", new byte[] {1, 2, 3}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("DomainState of some-domain is damaged or was written by a newer");
  }

  @Test
  void releasedSchemas_canBeReadByTheCurrentOnes() {
    Map<String, Schema> current =
        Map.of(
            "DomainState", DomainState.SCHEMA$,
            "ProcessState", ProcessState.SCHEMA$,
            "HiveState", HiveState.SCHEMA$,
            "KeyState", KeyState.SCHEMA$,
            "EndpointState", EndpointState.SCHEMA$);
    assertThat(StateCodec.releasedFiles())
        .allSatisfy(
            file -> {
              Schema released = StateCodec.parse(file);
              assertThat(
                      SchemaCompatibility.checkReaderWriterCompatibility(
                              current.get(released.getName()), released)
                          .getType())
                  .isEqualTo(SchemaCompatibilityType.COMPATIBLE);
            });
  }
}
