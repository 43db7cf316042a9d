package io.ramtide.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class FindingCodecTest {
  private final FindingCodec codec = new FindingCodec();

  private static HandleFinding handle() {
    return HandleFinding.newBuilder().setPid(4).setHandle(8).setGrantedAccess(0x1f).build();
  }

  @Test
  void encode_stampsDomainAndCapture() throws Exception {
    HandleFinding handle = handle();
    Finding read = codec.decode(codec.encode("d", 7, handle));
    assertThat(handle).as("what was encoded").isEqualTo(handle());
    assertThat(read.domain()).isEqualTo("d");
    assertThat(read.capture()).isEqualTo(7);
    assertThat(read.kind()).isEqualTo(FindingKind.handle);
    HandleFinding body = (HandleFinding) read.body();
    assertThat(body.getDomain()).isEqualTo("d");
    assertThat(body.getCapture()).isEqualTo(7);
    assertThat(body.getGrantedAccess()).isEqualTo(0x1f);
  }

  @Test
  void kind_isKnownWithoutDecoding() {
    byte[] head = new byte[10];
    System.arraycopy(codec.encode("d", 1, handle()), 0, head, 0, head.length);
    assertThat(codec.kind(head)).contains(FindingKind.handle);
    assertThat(codec.kind(new byte[] {(byte) 0xc3, 1})).isEmpty();
    assertThat(codec.kind(null)).isEmpty();
  }

  @Test
  void kinds_haveDifferentFingerprints() {
    assertThat(FindingKind.values())
        .allSatisfy(kind -> assertThat(AvroCodec.of(kind.type()).fingerprints()).isNotEmpty())
        .flatExtracting(kind -> AvroCodec.of(kind.type()).fingerprints())
        .doesNotHaveDuplicates();
  }

  @Test
  void decode_ofAnotherTopicsRecord_saysWhy() {
    byte[] anomaly = AvroCodec.of(Rejected.class).encode(rejected());
    assertThat(codec.kind(anomaly)).isEmpty();
    assertThatThrownBy(() -> codec.decode(anomaly))
        .isInstanceOf(UnreadableRecordException.class)
        .hasMessageContaining("not a finding of any version");
  }

  @Test
  void decode_ofForeignBytes_saysWhy() {
    assertThatThrownBy(() -> codec.decode("hello, Kafka".getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(UnreadableRecordException.class)
        .hasMessageContaining("single-object encoding");
    assertThatThrownBy(() -> codec.decode(null)).isInstanceOf(UnreadableRecordException.class);
  }

  @Test
  void encode_ofWhatIsNoFinding_fails() {
    assertThatThrownBy(() -> codec.encode("d", 1, rejected()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Rejected");
  }

  private static Rejected rejected() {
    return Rejected.newBuilder()
        .setRole("r")
        .setTopic("t")
        .setPartition(0)
        .setOffset(0)
        .setReason("r")
        .setRejectedAt(0)
        .setValueBytes(0)
        .build();
  }
}
