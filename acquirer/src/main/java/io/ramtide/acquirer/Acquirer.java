package io.ramtide.acquirer;

import io.ramtide.acquirer.CaptureException.Cause;
import io.ramtide.acquirer.KeyframePlan.Known;
import io.ramtide.acquirer.pages.CapturePass;
import io.ramtide.acquirer.pages.Clocks;
import io.ramtide.acquirer.pages.PassBuffer;
import io.ramtide.acquirer.pages.PassCounts;
import io.ramtide.acquirer.pages.PassOptions;
import io.ramtide.acquirer.pages.SinkException;
import io.ramtide.acquirer.source.ChangeHint;
import io.ramtide.acquirer.source.MemorySource;
import io.ramtide.schemas.AvroCodec;
import io.ramtide.schemas.Ed25519Signature;
import io.ramtide.schemas.Manifest;
import io.ramtide.schemas.SessionId;
import io.ramtide.schemas.Stripe;
import io.ramtide.schemas.Topics;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.utils.Utils;

/** Writes captures of domains to Kafka. One capture at a time; not thread-safe. */
public final class Acquirer implements Closeable {
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

  /** Chunks that wait for their hash: at most 4 MiB of heap. */
  private static final int MAX_UNHASHED = 8;

  private static final SecureRandom RANDOM = new SecureRandom();

  private final Producer<byte[], byte[]> producer;
  private final Consumer<byte[], byte[]> consumer;
  private final AcquirerOptions options;
  private final SigningKey key;
  private final String servers;
  private final CaptureLog log;
  private final AvroCodec<Manifest> codec = AvroCodec.of(Manifest.class);
  private final PassBuffer buffer = new PassBuffer();
  private final Map<UUID, Known> known = new HashMap<>();

  /** Hashes leaves on a second core; when it falls behind, the capturing thread helps. */
  private final ThreadPoolExecutor hashing =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(MAX_UNHASHED),
          Acquirer::daemon,
          new ThreadPoolExecutor.CallerRunsPolicy());

  Acquirer(
      Producer<byte[], byte[]> producer,
      Consumer<byte[], byte[]> consumer,
      AcquirerOptions options,
      SigningKey key,
      String servers) {
    this.producer = producer;
    this.consumer = consumer;
    this.options = options;
    this.key = key;
    this.servers = servers;
    log = new CaptureLog(new CaptureRecords(consumer, servers), new Rejections(producer));
  }

  /**
   * Connects to the broker.
   *
   * @param clientConfig any Kafka client properties, with bootstrap.servers. They win over the
   *     acquirer's defaults; acks, enable.idempotence, the serializers and transactional.id cannot
   *     be changed.
   * @throws CaptureException if the broker does not answer, a topic is missing, or a property or
   *     the key file is wrong
   */
  public static Acquirer connect(Map<String, Object> clientConfig, AcquirerOptions options)
      throws CaptureException {
    ClientConfig config = ClientConfig.of(clientConfig);
    SigningKey key = SigningKey.at(options.keyFile());
    BrokerConnection connection = BrokerConnection.open(config);
    return new Acquirer(
        connection.producer(), connection.consumer(), options, key, config.bootstrapServers());
  }

  /** The settings with which an acquirer sends, for comparisons with a plain producer. */
  public static Map<String, Object> producerSettings(Map<String, Object> clientConfig)
      throws CaptureException {
    return ClientConfig.of(clientConfig).producer();
  }

  /** The manifests of the domain on ramtide.captures, oldest first. */
  public List<Manifest> history(UUID domain) throws CaptureException {
    return log.history(domain, partition(domain, Topics.CAPTURES));
  }

  /**
   * Makes sure that these sources are captures of the domain, in this order: what an earlier run
   * finished is found by name, size and time of change, and not captured again.
   *
   * @return the capture number of each source, in order
   */
  public List<Long> captureAll(
      UUID domain, Optional<String> domainName, List<MemorySource> sources, Progress progress)
      throws CaptureException {
    List<Long> numbers = new ArrayList<>(Resumption.done(history(domain), sources));
    for (MemorySource source : sources.subList(numbers.size(), sources.size())) {
      numbers.add(capture(domain, domainName, source, progress).getCapture());
    }
    return List.copyOf(numbers);
  }

  /**
   * Captures the source as the domain's next capture and returns the manifest.
   *
   * @throws CaptureException if the source or the broker fails, or another acquirer captures the
   *     same domain; then there is no manifest, unless the message says that it may have been
   *     written
   */
  public Manifest capture(
      UUID domain, Optional<String> domainName, MemorySource source, Progress progress)
      throws CaptureException {
    return capture(domain, domainName, source, CaptureOrder.USUAL, progress);
  }

  /**
   * Captures the source as the domain's next capture, as ordered. After the last page was read the
   * source's {@link MemorySource#finish} is called, before the broker is waited for.
   *
   * @throws CaptureException if the source or the broker fails, or another acquirer captures the
   *     same domain; then there is no manifest, unless the message says that it may have been
   *     written
   */
  public Manifest capture(
      UUID domain,
      Optional<String> domainName,
      MemorySource source,
      CaptureOrder order,
      Progress progress)
      throws CaptureException {
    CaptureLog.Entry last = last(domain).orElse(null);
    long number = last == null ? 1 : last.manifest().getCapture() + 1;
    // Taken out: a pass that fails leaves states that belong to no capture.
    Known before = known.remove(domain);
    if (last == null
        || (before != null && !before.session().equals(last.manifest().getSession()))) {
      before = null; // Another acquirer's capture came between.
    }
    KeyframePlan plan = KeyframePlan.of(options.keyframes(), number, before, source, order);
    Optional<ChangeHint> hint = usable(source.changeHint(), before);
    SessionId session = newSession();
    ChunkSender sender =
        new ChunkSender(producer, partition(domain, Topics.PAGES), servers, hashing);
    long startedAt = Clocks.micros();
    CapturePass pass =
        new CapturePass(
            source,
            plan.states(),
            new PassOptions(
                plan.refresh(),
                options.verifyBlocks(),
                hint.map(ChangeHint::unchanged).orElse(List.of())),
            buffer,
            new CapturePass.Identity(domain, number, session),
            chunk -> {
              progress.sending(chunk.value().length);
              sender.accept(chunk);
            },
            progress::at);
    PassCounts counts = read(domain, number, source, pass);
    long readEndedAt = Clocks.micros();
    Stripe stripe = sender.await();
    requireFree(domain, number);
    Manifest manifest =
        new ManifestDraft(
                domain, domainName, number, session, plan, options.verifyBlocks(), last, order)
            .of(
                source,
                hint,
                counts,
                stripe,
                sender.merkleRoot(),
                startedAt,
                readEndedAt,
                key.publicKey());
    byte[] value = codec.encode(manifest);
    key.sign(value);
    Manifest signed = signed(manifest, value);
    long offset = send(domain, number, value);
    requireOurs(domain, signed, value, offset);
    long token = source.changeHint().map(ChangeHint::token).orElse(0L);
    known.put(domain, new Known(session, plan.keyframe(), plan.states(), token));
    return signed;
  }

  /**
   * Reads what the broker has of a domain, so that its next capture does not hold a guest still for
   * that, and fails before it when the broker does not answer.
   */
  public void prepare(UUID domain) throws CaptureException {
    last(domain);
  }

  /** Lets go what is kept of a domain: a later capture of it begins anew, with a keyframe. */
  public void forget(UUID domain) {
    known.remove(domain);
    log.forget(domain);
  }

  /** Closes the connections; it waits at most some seconds for a broker that is not there. */
  @Override
  public void close() {
    hashing.shutdownNow();
    producer.close(CLOSE_PATIENCE);
    consumer.close(CloseOptions.timeout(CLOSE_PATIENCE));
  }

  /** A hint counts only if it tells what changed since the very capture that is remembered. */
  private static Optional<ChangeHint> usable(Optional<ChangeHint> hint, Known before) {
    return hint.filter(
        told -> before != null && before.token() != 0 && before.token() == told.since());
  }

  private static PassCounts read(UUID domain, long number, MemorySource source, CapturePass pass)
      throws CaptureException {
    try {
      PassCounts counts = pass.run();
      source.finish();
      return counts;
    } catch (SinkException e) {
      throw (CaptureException) e.getCause(); // What the sender threw.
    } catch (InternalError e) {
      // What a mapping answers where its file has ended meanwhile, and not always at once.
      throw new CaptureException(
          Cause.SOURCE,
          ("capture %d of %s was given up: %s shrank while it was read; wait until it is written,"
                  + " and start again")
              .formatted(number, domain, source.description().name()),
          e);
    } catch (IOException e) {
      throw new CaptureException(
          Cause.SOURCE,
          "capture %d of %s was given up: %s".formatted(number, domain, e.getMessage()),
          e);
    }
  }

  private void requireFree(UUID domain, long number) throws CaptureException {
    Optional<CaptureLog.Entry> last = last(domain);
    if (last.isPresent() && last.get().manifest().getCapture() >= number) {
      throw taken(domain, number, last.get().manifest());
    }
  }

  /** Two may have passed the check above at once: the first manifest of a number counts. */
  private void requireOurs(UUID domain, Manifest manifest, byte[] value, long offset)
      throws CaptureException {
    int partition = partition(domain, Topics.CAPTURES);
    if (log.wrote(domain, CaptureLog.Entry.of(manifest, value, partition, offset))) {
      return; // The record right behind what was read before.
    }
    for (CaptureLog.Entry entry : log.readOn(domain, partition)) {
      Manifest other = entry.manifest();
      if (other.getCapture() == manifest.getCapture()
          && !other.getSession().equals(manifest.getSession())) {
        throw taken(domain, manifest.getCapture(), other);
      }
    }
  }

  private static CaptureException taken(UUID domain, long number, Manifest other) {
    return new CaptureException(
        Cause.CONFIGURATION,
        ("capture %d of domain %s was also made by another acquirer on host %s, and that one"
                + " counts; let only one acquirer capture a domain, and start again")
            .formatted(number, domain, other.getHost()),
        null);
  }

  private long send(UUID domain, long number, byte[] manifest) throws CaptureException {
    byte[] recordKey = domain.toString().getBytes(StandardCharsets.UTF_8);
    int partition = partition(domain, Topics.CAPTURES);
    try {
      var sent =
          producer.send(new ProducerRecord<>(Topics.CAPTURES, partition, recordKey, manifest));
      producer.flush();
      return sent.get().offset();
    } catch (KafkaException | ExecutionException | IllegalStateException e) {
      Throwable cause = e instanceof ExecutionException ? e.getCause() : e;
      throw new CaptureException(
          Cause.BROKER,
          ("%s did not acknowledge the manifest of capture %d: %s. It may have been written or"
                  + " not; the next run finds out, so start it again when the broker is back")
              .formatted(servers, number, cause.getMessage()),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CaptureException(Cause.BROKER, "interrupted", e);
    }
  }

  private Optional<CaptureLog.Entry> last(UUID domain) throws CaptureException {
    return log.last(domain, partition(domain, Topics.CAPTURES));
  }

  /** As Kafka partitions by the key {@code domain}. */
  private int partition(UUID domain, String topic) throws CaptureException {
    try {
      byte[] bytes = domain.toString().getBytes(StandardCharsets.UTF_8);
      return Utils.toPositive(Utils.murmur2(bytes)) % producer.partitionsFor(topic).size();
    } catch (KafkaException e) {
      throw new CaptureException(
          Cause.BROKER,
          "%s does not tell the partitions of %s: %s; is it running?"
              .formatted(servers, topic, e.getMessage()),
          e);
    }
  }

  private static Manifest signed(Manifest manifest, byte[] value) {
    int bytes = manifest.getSignature().bytes().length;
    return Manifest.newBuilder(manifest)
        .setSignature(
            new Ed25519Signature(Arrays.copyOfRange(value, value.length - bytes, value.length)))
        .build();
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "ramtide-merkle");
    thread.setDaemon(true);
    return thread;
  }

  private static SessionId newSession() {
    byte[] bytes = new byte[16];
    RANDOM.nextBytes(bytes);
    return new SessionId(bytes);
  }
}
