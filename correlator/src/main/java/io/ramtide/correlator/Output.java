package io.ramtide.correlator;

import io.ramtide.schemas.Anomaly;
import io.ramtide.schemas.AvroCodec;
import io.ramtide.schemas.CaptureEvent;
import io.ramtide.schemas.NetworkEvent;
import io.ramtide.schemas.ProcessEvent;
import io.ramtide.schemas.RegistryEvent;
import io.ramtide.schemas.Rejected;
import io.ramtide.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Sends records to the sinks, whose names are their topics. */
final class Output {
  private final Map<Class<?>, AvroCodec<?>> codecs =
      Stream.of(
              ProcessEvent.class,
              RegistryEvent.class,
              NetworkEvent.class,
              CaptureEvent.class,
              Anomaly.class,
              Rejected.class)
          .collect(Collectors.toMap(Function.identity(), AvroCodec::of));
  private final ProcessorContext<byte[], byte[]> context;

  Output(ProcessorContext<byte[], byte[]> context) {
    this.context = context;
  }

  @SuppressWarnings("unchecked") // A codec takes records of the class it stands under.
  byte[] encode(SpecificRecord told) {
    return ((AvroCodec<SpecificRecord>) codecs.get(told.getClass())).encode(told);
  }

  void send(Rejected rejected, long timestamp) {
    send(Topics.REJECTED, rejected.getTopic(), encode(rejected), timestamp);
  }

  void send(String topic, String key, byte[] value, long timestamp) {
    context.forward(
        new Record<>(key.getBytes(StandardCharsets.UTF_8), value, Math.max(0, timestamp)), topic);
  }
}
