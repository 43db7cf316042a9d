package io.ramtide.acquirer;

import io.ramtide.acquirer.CaptureException.Cause;
import io.ramtide.acquirer.pages.CapturePass;
import io.ramtide.acquirer.pages.ChunkSink;
import io.ramtide.acquirer.pages.Clocks;
import io.ramtide.acquirer.pages.PassCounts;
import io.ramtide.acquirer.pages.RamStates;
import io.ramtide.acquirer.pages.SinkException;
import io.ramtide.acquirer.source.MemorySource;
import io.ramtide.schemas.AvroCodec;
import io.ramtide.schemas.CaptureKind;
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

  /** What this process knows of a domain's last capture. */
  private record Known(SessionId session, RamStates states) {}

  private final Producer<byte[], byte[]> producer;
  private final Consumer<byte[], byte[]> consumer;
  private final AcquirerOptions options;
  private final SigningKey key;
  private final String servers;
  private final CaptureLog log;
  private final AvroCodec<Manifest> codec = AvroCodec.of(Manifest.class);
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
    log = new CaptureLog(consumer, new Rejections(producer), servers);
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
    return entries(domain).stream().map(CaptureLog.Entry::manifest).toList();
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
    List<CaptureLog.Entry> history = entries(domain);
    CaptureLog.Entry last = history.isEmpty() ? null : history.get(history.size() - 1);
    long number = last == null ? 1 : last.manifest().getCapture() + 1;
    // Taken out: a pass that fails leaves states that belong to no capture.
    RamStates states = statesFor(known.remove(domain), history, source, order);
    CaptureKind kind = states.isFresh() ? CaptureKind.KEYFRAME : CaptureKind.DELTA;
    SessionId session = newSession();
    ChunkSender sender =
        new ChunkSender(producer, partition(domain, Topics.PAGES), servers, hashing);
    long startedAt = Clocks.micros();
    PassCounts counts = pass(domain, number, session, source, states, sender, progress);
    long readEndedAt = Clocks.micros();
    finish(domain, number, source);
    Stripe stripe = sender.await();
    requireFree(domain, number);
    Manifest manifest =
        new ManifestDraft(domain, domainName, number, session, kind, last, order)
            .of(
                source,
                counts,
                stripe,
                sender.merkleRoot(),
                startedAt,
                readEndedAt,
                key.publicKey());
    byte[] value = codec.encode(manifest);
    key.sign(value);
    send(domain, number, value);
    requireOurs(domain, number, session);
    known.put(domain, new Known(session, states));
    return signed(manifest, value);
  }

  /**
   * Reads what the broker has of a domain, so that its next capture does not hold a guest still for
   * that, and fails before it when the broker does not answer.
   */
  public void prepare(UUID domain) throws CaptureException {
    entries(domain);
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

  private int interval() {
    return options.keyframes() instanceof KeyframePolicy.Every every ? every.captures() : 1;
  }

  /** The states of the capture before, or fresh ones when this must be a keyframe. */
  private RamStates statesFor(
      Known before, List<CaptureLog.Entry> history, MemorySource source, CaptureOrder order) {
    boolean follows =
        before != null
            && !order.keyframe()
            && !history.isEmpty()
            && before.session.equals(history.get(history.size() - 1).manifest().getSession())
            && before.states.ram().equals(source.ram())
            && capturesSinceKeyframe(history) < interval();
    if (follows) {
      return before.states;
    }
    return interval() == 1 ? RamStates.forgetful(source.ram()) : new RamStates(source.ram());
  }

  /** The last keyframe included. */
  private static int capturesSinceKeyframe(List<CaptureLog.Entry> history) {
    int captures = 1;
    for (int i = history.size() - 1;
        i >= 0 && history.get(i).manifest().getKind() == CaptureKind.DELTA;
        i--) {
      captures++;
    }
    return captures;
  }

  private PassCounts pass(
      UUID domain,
      long number,
      SessionId session,
      MemorySource source,
      RamStates states,
      ChunkSender sender,
      Progress progress)
      throws CaptureException {
    try {
      ChunkSink sink =
          chunk -> {
            progress.sending(chunk.value().length);
            sender.accept(chunk);
          };
      return new CapturePass(source, states, domain, number, session, sink, progress::at).run();
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

  private static void finish(UUID domain, long number, MemorySource source)
      throws CaptureException {
    try {
      source.finish();
    } catch (IOException e) {
      throw new CaptureException(
          Cause.SOURCE,
          "capture %d of %s was given up: %s".formatted(number, domain, e.getMessage()),
          e);
    }
  }

  private void requireFree(UUID domain, long number) throws CaptureException {
    for (CaptureLog.Entry entry : entries(domain)) {
      if (entry.manifest().getCapture() >= number) {
        throw taken(domain, number, entry.manifest());
      }
    }
  }

  /** Two may have passed the check above at once: the first manifest of a number counts. */
  private void requireOurs(UUID domain, long number, SessionId session) throws CaptureException {
    for (CaptureLog.Entry entry : entries(domain)) {
      Manifest manifest = entry.manifest();
      if (manifest.getCapture() == number && !manifest.getSession().equals(session)) {
        throw taken(domain, number, manifest);
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

  private void send(UUID domain, long number, byte[] manifest) throws CaptureException {
    byte[] recordKey = domain.toString().getBytes(StandardCharsets.UTF_8);
    int partition = partition(domain, Topics.CAPTURES);
    try {
      var sent =
          producer.send(new ProducerRecord<>(Topics.CAPTURES, partition, recordKey, manifest));
      producer.flush();
      sent.get();
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

  private List<CaptureLog.Entry> entries(UUID domain) throws CaptureException {
    return log.of(domain, partition(domain, Topics.CAPTURES));
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
