package io.ramtide.correlator.registry;

import static java.util.Comparator.comparing;
import static java.util.Comparator.naturalOrder;
import static java.util.Comparator.nullsFirst;

import io.ramtide.schemas.RegistryEvent;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/**
 * Tells the events of a capture in time order. More than are held at a time are told batch by
 * batch: a guest can change more than fits into a heap.
 */
final class EventBatch {
  static final int MAX_EVENTS = 16_384;
  private static final long MAX_BYTES = 16 << 20;

  /** By time, else by the interval's beginning; then by place; what goes before what comes. */
  private static final Comparator<RegistryEvent> ORDER =
      comparing(EventBatch::begin, nullsFirst(naturalOrder()))
          .thenComparing(RegistryEvent::getHive, nullsFirst(naturalOrder()))
          .thenComparing(RegistryEvent::getKey, nullsFirst(naturalOrder()))
          .thenComparing(EventBatch::rank)
          .thenComparing(RegistryEvent::getValueName, nullsFirst(naturalOrder()))
          .thenComparing(event -> event.getEvidence().getObjectGpa());

  private final Consumer<RegistryEvent> out;
  private final List<RegistryEvent> batch = new ArrayList<>();
  private long bytes;
  private int told;

  EventBatch(Consumer<RegistryEvent> out) {
    this.out = out;
  }

  void add(RegistryEvent event) {
    batch.add(event);
    bytes += size(event.getData()) + size(event.getOldData());
    if (batch.size() == MAX_EVENTS || bytes >= MAX_BYTES) {
      flush();
    }
  }

  /** Tells what is held; the number of events told in all. */
  int flush() {
    batch.sort(ORDER);
    batch.forEach(out);
    told += batch.size();
    batch.clear();
    bytes = 0;
    return told;
  }

  private static Long begin(RegistryEvent event) {
    return event.getTime() != null ? event.getTime() : event.getNotBefore();
  }

  private static int rank(RegistryEvent event) {
    return switch (event.getType()) {
      case hiveUnloaded -> 0;
      case hiveLoaded -> 1;
      case keyDeleted -> 2;
      case keyCreated -> 3;
      case valueDeleted -> 4;
      case valueSet -> 5;
      case unknown -> 6;
    };
  }

  private static int size(ByteBuffer data) {
    return data == null ? 0 : data.remaining();
  }
}
