package io.ramtide.acquirer;

import io.ramtide.schemas.AvroCodec;
import io.ramtide.schemas.Manifest;
import io.ramtide.schemas.ManifestSignature;
import io.ramtide.schemas.MerkleTree;
import io.ramtide.schemas.PreviousManifest;
import io.ramtide.schemas.Topics;
import io.ramtide.schemas.UnreadableRecordException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * What ramtide.captures says of each domain. Only the last manifest of each is kept; it is looked
 * for from the end backwards, and from then on only what was added is read.
 */
final class CaptureLog {
  /** Records that are looked at first; then four times as many, and so on. */
  private static final long FIRST_LOOK = 512;

  /** A manifest and where it is. */
  @SuppressWarnings("ArrayRecordComponent") // Compared nowhere.
  record Entry(Manifest manifest, int partition, long offset, byte[] sha256) {
    static Entry of(Manifest manifest, byte[] value, int partition, long offset) {
      return new Entry(manifest, partition, offset, MerkleTree.sha256().digest(value));
    }
  }

  /** Takes a domain's manifests in order: of two with one number, the first counts. */
  private static final class Last {
    private Entry entry;
    private long position;

    boolean add(Entry next) {
      if (entry != null && next.manifest().getCapture() <= entry.manifest().getCapture()) {
        return false;
      }
      entry = next;
      return true;
    }
  }

  private final CaptureRecords records;
  private final Rejections rejections;
  private final AvroCodec<Manifest> codec = AvroCodec.of(Manifest.class);
  private final Map<UUID, Last> known = new HashMap<>();

  CaptureLog(CaptureRecords records, Rejections rejections) {
    this.records = records;
    this.rejections = rejections;
  }

  /** The domain's last manifest up to now. */
  Optional<Entry> last(UUID domain, int partition) throws CaptureException {
    readOn(domain, partition);
    return Optional.ofNullable(known.get(domain).entry);
  }

  /** The domain's manifests that were added since the last look; none at the first. */
  List<Entry> readOn(UUID domain, int partition) throws CaptureException {
    var captures = new TopicPartition(Topics.CAPTURES, partition);
    Last last = known.get(domain);
    List<Entry> added = new ArrayList<>();
    if (last == null) {
      known.put(domain, find(domain, captures));
      return added;
    }
    long end = records.end(captures);
    read(
        domain,
        captures,
        last.position,
        end,
        entry -> {
          if (last.add(entry)) {
            added.add(entry);
          }
        });
    last.position = end;
    return added;
  }

  /**
   * Takes note of a manifest that this process has written.
   *
   * @return false if there are records before it that were not read; then nothing is noted
   */
  boolean wrote(UUID domain, Entry entry) {
    Last last = known.get(domain);
    if (last == null || last.position != entry.offset()) {
      return false;
    }
    last.position++;
    return last.add(entry);
  }

  /** What is kept of the domain is read again when it is asked for. */
  void forget(UUID domain) {
    known.remove(domain);
  }

  /** Every manifest of the domain, oldest first; nothing of it is kept. */
  List<Manifest> history(UUID domain, int partition) throws CaptureException {
    var captures = new TopicPartition(Topics.CAPTURES, partition);
    List<Manifest> manifests = new ArrayList<>();
    Last last = new Last();
    read(
        domain,
        captures,
        records.begin(captures),
        records.end(captures),
        entry -> {
          if (last.add(entry)) {
            manifests.add(entry.manifest());
          }
        });
    return manifests;
  }

  /**
   * Looks at ever more of the topic's end, until the domain's last manifest was seen together with
   * all that was written since the one before it: what a slower acquirer added late is among that.
   */
  private Last find(UUID domain, TopicPartition captures) throws CaptureException {
    long begin = records.begin(captures);
    long end = records.end(captures);
    long from = Math.max(begin, end - FIRST_LOOK);
    while (true) {
      Last last = new Last();
      read(domain, captures, from, end, last::add);
      last.position = end;
      long needed = neededFrom(last, captures.partition(), begin);
      if (from <= needed) {
        return last;
      }
      long more = end - (end - from) * 4;
      from = Math.max(begin, last.entry == null ? more : needed);
    }
  }

  /** From where on the topic must have been read for this to be the last. */
  private static long neededFrom(Last last, int partition, long begin) {
    if (last.entry == null) {
      return begin;
    }
    PreviousManifest previous = last.entry.manifest().getPrevious();
    return previous == null || previous.getPartition() != partition
        ? begin
        : Math.max(begin, previous.getOffset());
  }

  private void read(
      UUID domain, TopicPartition captures, long from, long end, Consumer<Entry> manifests)
      throws CaptureException {
    records.read(captures, from, end, record -> decode(domain, record).ifPresent(manifests));
  }

  private Optional<Entry> decode(UUID domain, ConsumerRecord<byte[], byte[]> input) {
    String key = input.key() == null ? "" : new String(input.key(), StandardCharsets.UTF_8);
    if (!key.equals(domain.toString())) {
      if (!codec.claims(input.value())) {
        rejections.reject(input, "not a Manifest");
      }
      return Optional.empty();
    }
    try {
      Manifest manifest = codec.decode(input.value());
      if (!manifest.getDomain().equals(key)) {
        rejections.reject(input, "a Manifest of another domain than its key");
        return Optional.empty();
      }
      if (!isSigned(manifest, input.value())) {
        rejections.reject(input, "the signature does not fit the Manifest's bytes");
        return Optional.empty();
      }
      return Optional.of(Entry.of(manifest, input.value(), input.partition(), input.offset()));
    } catch (UnreadableRecordException e) {
      rejections.reject(input, e.getMessage());
      return Optional.empty();
    }
  }

  /** What no scanner accepts must not be continued, or take a number. */
  private static boolean isSigned(Manifest manifest, byte[] value) {
    byte[] publicKey = new byte[manifest.getPublicKey().remaining()];
    manifest.getPublicKey().duplicate().get(publicKey);
    return ManifestSignature.isValid(value, publicKey);
  }
}
