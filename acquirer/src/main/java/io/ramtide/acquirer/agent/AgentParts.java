package io.ramtide.acquirer.agent;

import io.ramtide.acquirer.Acquirer;
import io.ramtide.acquirer.CaptureException;
import io.ramtide.acquirer.ClientConfig;
import io.ramtide.acquirer.agent.lane.Capturer;
import io.ramtide.acquirer.agent.lane.MethodChooser;
import io.ramtide.acquirer.live.choice.Methods;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;

/** What an agent is made of; tests make it of other things. */
record AgentParts(
    Host.Connector hosts,
    Capturer.Factory capturers,
    MethodChooser methods,
    GuestCare care,
    Supplier<Producer<byte[], byte[]>> producers,
    Supplier<Consumer<byte[], byte[]>> consumers) {

  /** All lanes together wait with at most so much for the broker. */
  private static final long BUFFERS = 64L << 20;

  private static final long SMALLEST_BUFFER = 8L << 20;

  static AgentParts of(Map<String, Object> clientConfig, AgentOptions options)
      throws CaptureException {
    Map<String, Object> ofLane = new HashMap<>(clientConfig);
    ofLane.putIfAbsent(
        ProducerConfig.BUFFER_MEMORY_CONFIG, Math.max(SMALLEST_BUFFER, BUFFERS / options.lanes()));
    Map<String, Object> ofAgent = new HashMap<>(clientConfig);
    ofAgent.putIfAbsent(ProducerConfig.BUFFER_MEMORY_CONFIG, SMALLEST_BUFFER);
    ClientConfig config = ClientConfig.of(ofAgent);
    return new AgentParts(
        Host::libvirt,
        () -> Capturer.of(Acquirer.connect(ofLane, options.acquirer())),
        (guest, wanted) -> Methods.choose(guest, wanted, options.methods()),
        GuestCare.of(options.methods()),
        () -> new KafkaProducer<>(config.producer()),
        () -> new KafkaConsumer<>(config.consumer()));
  }
}
