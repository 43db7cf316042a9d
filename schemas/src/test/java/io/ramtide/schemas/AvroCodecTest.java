package io.ramtide.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class AvroCodecTest {
  private final AvroCodec<Rejected> codec = AvroCodec.of(Rejected.class);
  private final Rejected rejected =
      Rejected.newBuilder()
          .setRole("scanner")
          .setTopic(Topics.PAGES)
          .setPartition(3)
          .setOffset(42)
          .setReason("because")
          .setRejectedAt(1)
          .setValueHead(ByteBuffer.wrap(new byte[] {1, 2}))
          .setValueBytes(2)
          .build();

  @Test
  void decode_returnsWhatWasEncoded() throws Exception {
    assertThat(codec.decode(codec.encode(rejected))).isEqualTo(rejected);
  }

  @Test
  void encode_beginsWithSingleObjectHeader() {
    assertThat(codec.encode(rejected)).startsWith(0xc3, 0x01);
  }

  @Test
  void decode_ofForeignBytes_saysWhy() {
    assertThatThrownBy(() -> codec.decode("hello, Kafka".getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(UnreadableRecordException.class)
        .hasMessageContaining("single-object encoding");
  }

  @Test
  void decode_ofAnotherRecordType_saysWhy() {
    byte[] other =
        new FindingCodec()
            .encode(
                "d",
                1,
                ProcessFinding.newBuilder()
                    .setPid(4)
                    .setImageName("System")
                    .setObjectGpa(0x1000)
                    .setSeenBy(List.of())
                    .build());
    assertThatThrownBy(() -> codec.decode(other))
        .isInstanceOf(UnreadableRecordException.class)
        .hasMessageContaining("not a Rejected");
    assertThat(codec.claims(other)).isFalse();
    assertThat(codec.claims(codec.encode(rejected))).isTrue();
  }

  @Test
  void decode_ofEveryTruncation_neverEscapes() {
    byte[] whole = codec.encode(rejected);
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> codec.decode(cut)).isInstanceOf(UnreadableRecordException.class);
    }
  }

  @Test
  void decode_ofHostileLength_allocatesNothing() {
    byte[] whole = codec.encode(rejected);
    // The first field is a string: claim that it has 2^31 - 1 bytes.
    byte[] hostile = Arrays.copyOf(whole, whole.length);
    byte[] huge = {(byte) 0xfe, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x0f};
    System.arraycopy(huge, 0, hostile, 10, huge.length);
    assertThatThrownBy(() -> codec.decode(hostile)).isInstanceOf(UnreadableRecordException.class);
  }
}
