package io.ramtide.acquirer;

import static io.ramtide.acquirer.CaptureTest.page;
import static io.ramtide.acquirer.Fixture.DOMAIN;
import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.acquirer.Fixture.FakeRam;
import io.ramtide.schemas.Topics;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Finding a domain's last manifest in a long topic. */
class CaptureLogTest {
  /** On the same partition as the fixture's domain. */
  private final UUID neighbour = neighbour();

  @TempDir Path folder;
  private Fixture fixture;
  private final FakeRam ram = FakeRam.ofFrames(4).put(1, page(1));

  @BeforeEach
  void connect() throws Exception {
    fixture = new Fixture(folder, 64);
  }

  @Test
  void longTopic_isReadFromItsEnd() throws Exception {
    for (int i = 0; i < 700; i++) {
      fixture.capture(ram);
    }
    fixture.restart();
    fixture.producer.firstRead = Long.MAX_VALUE;
    assertThat(fixture.capture(ram).getCapture()).isEqualTo(701);
    assertThat(fixture.producer.firstRead).isEqualTo(700 - 512);
    assertThat(fixture.acquirer.history(DOMAIN)).hasSize(701);
  }

  @Test
  void domainThatWasAwayForLong_isFound() throws Exception {
    fixture.capture(ram);
    fixture.capture(ram);
    fillWithNeighbour(600);
    fixture.restart();
    assertThat(fixture.capture(ram).getCapture()).isEqualTo(3);
  }

  @Test
  void lateManifestOfASlowerAcquirer_doesNotHideLaterOnes() throws Exception {
    for (int i = 0; i < 2; i++) {
      fixture.capture(ram);
    }
    // One that read the topic up to capture 2, hung, and wrote its capture 3 long after others.
    ProducerRecord<byte[], byte[]> late = lateThird();
    fixture.restart();
    for (int i = 0; i < 4; i++) {
      fixture.capture(ram);
    }
    fillWithNeighbour(600);
    fixture.inject(Topics.CAPTURES, late.partition(), late.key(), late.value());
    fixture.restart();
    assertThat(fixture.capture(ram).getCapture()).isEqualTo(7);
  }

  /** The manifest of a capture 3 that is not on the topic. */
  private ProducerRecord<byte[], byte[]> lateThird() throws Exception {
    fixture.capture(ram);
    var captures = fixture.records(Topics.CAPTURES);
    ProducerRecord<byte[], byte[]> third = captures.get(captures.size() - 1);
    fixture.producer.takeBack(third);
    return third;
  }

  private void fillWithNeighbour(int captures) throws Exception {
    for (int i = 0; i < captures; i++) {
      fixture.acquirer.capture(neighbour, Optional.empty(), ram, Progress.NONE);
    }
  }

  private static UUID neighbour() {
    for (long i = 1; ; i++) {
      UUID candidate = new UUID(0x4000, i);
      if (Fixture.partition(candidate) == Fixture.partition(DOMAIN)) {
        return candidate;
      }
    }
  }
}
