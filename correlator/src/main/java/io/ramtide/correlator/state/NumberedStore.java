package io.ramtide.correlator.state;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.ToLongFunction;
import org.apache.kafka.streams.state.KeyValueStore;

/** Things of every domain, one record each, so that no record grows with the guest. */
final class NumberedStore<T> {
  private final KeyValueStore<String, byte[]> store;
  private final ToLongFunction<T> number;
  private final BiFunction<String, T, byte[]> encode;
  private final BiFunction<String, byte[], T> decode;

  /**
   * @param number of a thing among those of its domain, in the order they were first seen
   * @param encode of a thing of a domain
   * @param decode of the record of a key
   */
  NumberedStore(
      KeyValueStore<String, byte[]> store,
      ToLongFunction<T> number,
      BiFunction<String, T, byte[]> encode,
      BiFunction<String, byte[], T> decode) {
    this.store = store;
    this.number = number;
    this.encode = encode;
    this.decode = decode;
  }

  /** All of a domain, in the order they were first seen. */
  List<T> all(String domain) {
    List<T> all = new ArrayList<>();
    try (var entries = store.range(Keys.all(domain), Keys.end(domain))) {
      entries.forEachRemaining(entry -> all.add(decode.apply(entry.key, entry.value)));
    }
    return all;
  }

  /** Writes what differs: most are the same in every capture. */
  void replace(String domain, List<T> before, List<T> after) {
    Map<Long, T> old = new HashMap<>();
    before.forEach(thing -> old.put(number.applyAsLong(thing), thing));
    for (T thing : after) {
      if (!thing.equals(old.remove(number.applyAsLong(thing)))) {
        store.put(Keys.of(domain, number.applyAsLong(thing)), encode.apply(domain, thing));
      }
    }
    old.keySet().stream().sorted().forEach(gone -> store.delete(Keys.of(domain, gone)));
  }
}
