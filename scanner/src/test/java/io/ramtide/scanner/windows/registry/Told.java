package io.ramtide.scanner.windows.registry;

import io.ramtide.scanner.memory.FrameSet;
import io.ramtide.scanner.windows.guest.KeyGlobs;
import io.ramtide.schemas.RegistryKeyFinding;
import io.ramtide.schemas.RegistryKeyGone;
import io.ramtide.schemas.RegistryValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;

/** Tells a hive again and again, and keeps the registry as a reader of the findings would. */
final class Told {
  private static final int MANY = 1 << 20;

  private final TinyHive hive;
  private final KeyGlobs asked;
  private final KeyGlobs watched;
  private final RegistryMemory memory = new RegistryMemory();
  private final List<Long> sinces = new ArrayList<>();
  private long capture;

  /** Of the last capture. */
  final List<SpecificRecord> findings = new ArrayList<>();

  /** Of the last capture: why keys were not read whole. */
  final List<String> partly = new ArrayList<>();

  /** As all captures together tell it. */
  final Map<String, RegistryKeyFinding> state = new TreeMap<>();

  Told(TinyHive hive) {
    this(hive, KeyGlobs.ALL, KeyGlobs.NONE);
  }

  Told(TinyHive hive, KeyGlobs asked, KeyGlobs watched) {
    this.hive = hive;
    this.asked = asked;
    this.watched = watched;
  }

  /** All keys, of nothing known before. */
  static Told all(TinyHive hive) {
    return all(hive, KeyGlobs.ALL);
  }

  static Told all(TinyHive hive, KeyGlobs asked) {
    Told told = new Told(hive, asked, KeyGlobs.NONE);
    told.tell(FrameSet.ALL, OptionalLong.empty(), 5);
    return told;
  }

  static Told ofMinor(TinyHive hive, int minor) {
    Told told = new Told(hive);
    told.tell(FrameSet.ALL, OptionalLong.empty(), minor);
    return told;
  }

  /** The next capture; returns the one since which changes were told, or -1. */
  long next() {
    capture++;
    memory.next(true);
    return tell(hive.takeChanges(), OptionalLong.of(capture), 5);
  }

  private long tell(FrameSet changed, OptionalLong number, int minor) {
    findings.clear();
    partly.clear();
    HiveTelling telling =
        new HiveTelling(
            TinyHive.LAYOUT,
            memory,
            changed,
            number,
            asked,
            watched,
            why -> {
              if (why != null) {
                partly.add(why);
              }
            },
            MANY);
    telling.tell(hive.keys(minor), sinces::add, findings::add);
    long since = sinces.get(sinces.size() - 1);
    if (since < 0) {
      state.clear();
    }
    findings.forEach(this::apply);
    return since;
  }

  private void apply(SpecificRecord finding) {
    if (finding instanceof RegistryKeyGone gone) {
      state
          .keySet()
          .removeIf(key -> key.equals(gone.getKey()) || key.startsWith(gone.getKey() + "\\"));
    } else {
      RegistryKeyFinding key = (RegistryKeyFinding) finding;
      state.put(key.getKey(), key);
    }
  }

  RegistryKeyFinding key(String path) {
    return state.get(path);
  }

  RegistryValue value(String path, String name) {
    return key(path).getValueList().stream()
        .filter(value -> value.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** Paths of the keys that the last capture told of. */
  List<String> keys() {
    return findings.stream()
        .filter(RegistryKeyFinding.class::isInstance)
        .map(finding -> ((RegistryKeyFinding) finding).getKey())
        .toList();
  }

  /** Paths of the keys that the last capture says are gone. */
  List<String> gone() {
    return findings.stream()
        .filter(RegistryKeyGone.class::isInstance)
        .map(finding -> ((RegistryKeyGone) finding).getKey())
        .toList();
  }
}
