package io.ramtide.correlator.registry;

import io.ramtide.correlator.state.KeyState;
import io.ramtide.correlator.state.Moment;
import io.ramtide.correlator.state.ValueState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What was known of a key and how a capture has it, made one: what is known now, and which values
 * changed. What could not be read is no change, and what is known of it stays.
 *
 * @param values that changed, by name
 */
record KeyMerge(KeyState after, List<ValueChange> values) {
  /** A key that was not there before: all its values and subkeys are new, when they are read. */
  static KeyMerge created(KeyState reading, Moment since) {
    KeyState after =
        KeyState.newBuilder(reading)
            .setValuesKnown(true)
            .setValuesAsOf(reading.getValuesKnown() ? null : since)
            .setSubkeysKnown(true)
            .setSubkeysAsOf(reading.getSubkeysKnown() ? null : since)
            .build();
    return new KeyMerge(
        after,
        reading.getValues().stream()
            .map(value -> new ValueChange(value.getName(), null, value, since))
            .toList());
  }

  /** A key of which nothing was known: that it has values tells nothing. */
  static KeyMerge first(KeyState reading) {
    return new KeyMerge(reading, List.of());
  }

  /**
   * @param since when the key was as before
   */
  static KeyMerge of(KeyState before, KeyState reading, Moment since) {
    if (reading.equals(before)) {
      return new KeyMerge(before, List.of()); // As nearly all are when a hive comes whole again.
    }
    Moment valuesSince = before.getValuesAsOf() != null ? before.getValuesAsOf() : since;
    Map<String, ValueState> known = new TreeMap<>();
    before.getValues().forEach(value -> known.put(value.getName(), value));
    List<ValueChange> changes = new ArrayList<>();
    Map<String, ValueState> missing = new TreeMap<>(known);
    for (ValueState value : reading.getValues()) {
      ValueState old = missing.remove(value.getName());
      if (old == null ? before.getValuesKnown() : ValueData.differ(old, value)) {
        Moment at = old == null ? valuesSince : since;
        changes.add(new ValueChange(value.getName(), old, value, at));
        known.put(value.getName(), value);
      } else {
        known.put(value.getName(), old == null ? value : ValueData.better(old, value));
      }
    }
    if (reading.getValuesKnown()) {
      missing.forEach(
          (name, old) -> {
            changes.add(new ValueChange(name, old, null, valuesSince));
            known.remove(name);
          });
    }
    if (!KeyReadings.fits(known.values())) {
      // A guest that shows other values each time could make a key grow without end.
      return new KeyMerge(reading, changes);
    }
    KeyState after =
        KeyState.newBuilder(reading)
            .setSubkeysKnown(before.getSubkeysKnown() || reading.getSubkeysKnown())
            .setSubkeysAsOf(
                asOf(
                    before.getSubkeysKnown(),
                    before.getSubkeysAsOf(),
                    reading.getSubkeysKnown(),
                    since))
            .setValuesKnown(before.getValuesKnown() || reading.getValuesKnown())
            .setValuesAsOf(
                asOf(
                    before.getValuesKnown(),
                    before.getValuesAsOf(),
                    reading.getValuesKnown(),
                    since))
            .setValues(new ArrayList<>(known.values()))
            .build();
    return new KeyMerge(after, changes);
  }

  /** When something was known whole, if it is not so now. */
  private static Moment asOf(boolean known, Moment earlier, boolean now, Moment since) {
    if (now || !known) {
      return null;
    }
    return earlier != null ? earlier : since;
  }
}
