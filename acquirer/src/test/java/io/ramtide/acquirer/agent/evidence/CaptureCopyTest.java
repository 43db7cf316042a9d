package io.ramtide.acquirer.agent.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ramtide.acquirer.agent.budget.Budget;
import io.ramtide.acquirer.agent.budget.Limits;
import io.ramtide.schemas.CaptureKind;
import io.ramtide.schemas.Consistency;
import io.ramtide.schemas.Ed25519Signature;
import io.ramtide.schemas.Manifest;
import io.ramtide.schemas.SessionId;
import io.ramtide.schemas.Sha256;
import io.ramtide.schemas.Source;
import io.ramtide.schemas.Stripe;
import io.ramtide.schemas.Topics;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CaptureCopyTest {
  private static final TopicPartition PAGES = new TopicPartition(Topics.PAGES, 0);

  private final CountingProducer producer = new CountingProducer();
  private final EvidenceWriter writer =
      new EvidenceWriter(producer, new Budget(Limits.NONE), 0, "command");

  @ParameterizedTest
  @ValueSource(ints = {-1, 11, Integer.MAX_VALUE})
  void manifestWithMoreChunksThanRecords_isNotBelieved(int chunks) {
    MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    consumer.updateBeginningOffsets(Map.of(PAGES, 0L));
    consumer.updateEndOffsets(Map.of(PAGES, 10L));
    var capture = new ManifestChain.Link(manifest(chunks), PAGES, 0);

    assertThatThrownBy(() -> new CaptureCopy(consumer, writer, capture).run())
        .isInstanceOf(HoldException.class)
        .hasMessageContaining("capture 7 should have %d chunks".formatted(chunks))
        .hasMessageContaining("at most 10 records");
  }

  @Test
  void copies_doNotPileUp_andKeepTheirOffsets() throws Exception {
    int count = 2 * EvidenceWriter.MOST_PENDING + 1;
    for (int i = 0; i < count; i++) {
      writer.copy(new ConsumerRecord<>(Topics.PAGES, 0, i, new byte[1], new byte[1]));
    }
    assertThat(producer.flushes).isEqualTo(2);

    assertThat(writer.flush()).isZero();
    assertThat(writer.lastOffset()).isEqualTo(count - 1);
    writer.copy(new ConsumerRecord<>(Topics.PAGES, 0, count, new byte[1], new byte[1]));
    assertThat(writer.flush()).isEqualTo(count);
    assertThat(writer.firstOffset()).isZero();
  }

  private static Manifest manifest(int chunks) {
    return Manifest.newBuilder()
        .setDomain("00000000-0000-0000-0000-000000000001")
        .setDomainName("web")
        .setCapture(7)
        .setSession(new SessionId(new byte[16]))
        .setKind(CaptureKind.KEYFRAME)
        .setMethod("process")
        .setConsistency(Consistency.LIVE)
        .setHost("host")
        .setAcquirer("test")
        .setSource(new Source("web", null, null))
        .setStartedAt(1)
        .setEndedAt(2)
        .setRam(List.of())
        .setDataFrames(0)
        .setZeroFrames(1)
        .setUnreadableFrames(0)
        .setUnchangedFrames(0)
        .setChunks(chunks)
        .setStripes(List.of(new Stripe(0, -5L, Long.MAX_VALUE, 1)))
        .setMerkleRoot(new Sha256(new byte[32]))
        .setPublicKey(ByteBuffer.allocate(0))
        .setSignature(new Ed25519Signature(new byte[64]))
        .build();
  }

  private static final class CountingProducer extends MockProducer<byte[], byte[]> {
    private int flushes;

    CountingProducer() {
      super(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @Override
    public synchronized void flush() {
      flushes++;
      super.flush();
    }
  }
}
