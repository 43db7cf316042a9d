package io.ramtide.cli.changes;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.cli.system.Cluster;
import io.ramtide.schemas.AvroCodec;
import io.ramtide.schemas.Chunk;
import io.ramtide.schemas.Finding;
import io.ramtide.schemas.FindingCodec;
import io.ramtide.schemas.Machine;
import io.ramtide.schemas.Manifest;
import io.ramtide.schemas.ManifestSignature;
import io.ramtide.schemas.MerkleTree;
import io.ramtide.schemas.PreviousManifest;
import io.ramtide.schemas.Stripe;
import io.ramtide.schemas.Topics;
import io.ramtide.testkit.lab.LabGuest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What the broker has of a domain's captures can be verified by anybody, from the topics alone. */
final class CaptureEvidence {
  private final String domain;
  private final List<ConsumerRecord<byte[], byte[]>> records;
  private final List<Manifest> manifests = new ArrayList<>();
  private final Map<Integer, TreeMap<Long, byte[]>> pages = new HashMap<>();
  private final Set<Long> findings = new HashSet<>();

  CaptureEvidence(Cluster cluster, String domain) throws Exception {
    this.domain = domain;
    FindingCodec decoder = new FindingCodec(); // Read before the manifests: captures go on.
    for (ConsumerRecord<byte[], byte[]> record : ofDomain(cluster.records(Topics.FINDINGS))) {
      Finding finding = decoder.decode(record.value());
      findings.add(finding.capture());
    }
    records = ofDomain(cluster.records(Topics.CAPTURES));
    AvroCodec<Manifest> codec = AvroCodec.of(Manifest.class);
    for (ConsumerRecord<byte[], byte[]> record : records) {
      manifests.add(codec.decode(record.value()));
    }
    for (ConsumerRecord<byte[], byte[]> record : cluster.records(Topics.PAGES)) {
      pages
          .computeIfAbsent(record.partition(), partition -> new TreeMap<>())
          .put(record.offset(), record.value());
    }
  }

  private List<ConsumerRecord<byte[], byte[]>> ofDomain(List<ConsumerRecord<byte[], byte[]>> all) {
    return all.stream()
        .filter(each -> new String(each.key(), StandardCharsets.UTF_8).equals(domain))
        .toList();
  }

  /** Numbers, chain, signatures, chunks, and that nothing is told of what has no manifest. */
  void check() throws Exception {
    assertThat(manifests).isNotEmpty();
    for (int i = 0; i < manifests.size(); i++) {
      Manifest manifest = manifests.get(i);
      assertThat(manifest.getCapture()).isEqualTo(i + 1);
      byte[] key = bytes(manifest.getPublicKey());
      assertThat(key).isEqualTo(bytes(manifests.get(0).getPublicKey()));
      assertThat(ManifestSignature.isValid(records.get(i).value(), key)).isTrue();
      checkPrevious(i);
      checkChunks(manifest);
      assertThat(manifest.getCompleteFrom()).isBetween(1L, manifest.getCapture());
    }
    assertThat(findings).isSubsetOf(manifests.stream().map(Manifest::getCapture).toList());
  }

  private void checkPrevious(int i) {
    PreviousManifest previous = manifests.get(i).getPrevious();
    if (i == 0) {
      assertThat(previous).isNull();
      return;
    }
    ConsumerRecord<byte[], byte[]> before = records.get(i - 1);
    assertThat(previous.getCapture()).isEqualTo(i);
    assertThat(previous.getPartition()).isEqualTo(before.partition());
    assertThat(previous.getOffset()).isEqualTo(before.offset());
    assertThat(previous.getSha256().bytes()).isEqualTo(MerkleTree.sha256().digest(before.value()));
  }

  private void checkChunks(Manifest manifest) throws Exception {
    AvroCodec<Chunk> codec = AvroCodec.of(Chunk.class);
    Map<Integer, byte[]> leaves = new TreeMap<>();
    for (Stripe stripe : manifest.getStripes()) {
      for (byte[] value :
          pages
              .get(stripe.getPartition())
              .subMap(stripe.getFirstOffset(), true, stripe.getLastOffset(), true)
              .values()) {
        Chunk chunk = codec.decode(value);
        if (chunk.getSession().equals(manifest.getSession())
            && chunk.getCapture() == manifest.getCapture()) {
          leaves.put(chunk.getSequence(), MerkleTree.leaf(value));
        }
      }
    }
    assertThat(leaves).hasSize(manifest.getChunks());
    assertThat(MerkleTree.root(List.copyOf(leaves.values())))
        .isEqualTo(manifest.getMerkleRoot().bytes());
  }

  /** The machine that every capture names. */
  void checkMachine(LabGuest guest) throws Exception {
    long pid = guest.pid();
    assertThat(manifests)
        .allSatisfy(
            manifest -> {
              assertThat(manifest.getDomainName()).isEqualTo(guest.name());
              Machine machine = manifest.getMachine();
              assertThat(machine.getHypervisor()).isEqualTo("QEMU");
              assertThat(machine.getAccelerator()).isEqualTo("tcg");
              assertThat(machine.getProcess()).isEqualTo(pid);
              assertThat(machine.getRunningSince()).isBetween(1L, manifest.getStartedAt());
              assertThat(machine.getProcessors()).isOne();
            });
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }
}
