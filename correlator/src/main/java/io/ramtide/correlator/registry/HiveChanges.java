package io.ramtide.correlator.registry;

import io.ramtide.correlator.capture.Capture;
import io.ramtide.correlator.capture.Times;
import io.ramtide.correlator.ecs.Text;
import io.ramtide.correlator.state.KeyPath;
import io.ramtide.correlator.state.KeyState;
import io.ramtide.correlator.state.Moment;
import io.ramtide.correlator.state.ValueState;
import io.ramtide.schemas.Evidence;
import io.ramtide.schemas.HiveFinding;
import io.ramtide.schemas.RegistryEvent;
import io.ramtide.schemas.RegistryEventType;
import java.util.Objects;
import java.util.function.Consumer;

/** Makes events of what changed in one hive and its keys. */
final class HiveChanges {
  private final Capture capture;
  private final HiveFinding hive;
  private final Consumer<RegistryEvent> out;

  HiveChanges(Capture capture, HiveFinding hive, Consumer<RegistryEvent> out) {
    this.capture = capture;
    this.hive = hive;
    this.out = out;
  }

  void loaded(Moment since) {
    out.accept(event(RegistryEventType.hiveLoaded, since, capture.number()).build());
  }

  void unloaded(Moment since) {
    out.accept(event(RegistryEventType.hiveUnloaded, since, since.getCapture()).build());
  }

  void created(String path, KeyMerge merge, Moment since) {
    Long time = plausible(merge.after().getLastWriteTime(), since);
    out.accept(keyEvent(RegistryEventType.keyCreated, path, merge.after(), since, time).build());
    merge.values().forEach(change -> tell(path, merge.after(), change, time));
  }

  void changed(String path, KeyState before, KeyMerge merge, Moment since) {
    boolean moved = before.getLastWriteTime() != merge.after().getLastWriteTime();
    for (ValueChange change : merge.values()) {
      Long time = moved ? plausible(merge.after().getLastWriteTime(), since) : null;
      tell(path, merge.after(), change, time);
    }
  }

  void deleted(String path, KeyState before, Moment since) {
    out.accept(
        event(RegistryEventType.keyDeleted, since, since.getCapture())
            .setKey(shown(path))
            .setWatched(before.getWatched())
            .setEvidence(evidence(before, since.getCapture()))
            .build());
  }

  private void tell(String path, KeyState key, ValueChange change, Long time) {
    boolean isSet = change.after() != null;
    RegistryEvent.Builder event =
        keyEvent(
                isSet ? RegistryEventType.valueSet : RegistryEventType.valueDeleted,
                path,
                key,
                change.since(),
                time)
            .setValueName(Text.bounded(change.name(), Text.PATH));
    ValueState now = change.after();
    if (now != null) {
      event
          .setValueType(Text.bounded(now.getType(), Text.NAME))
          .setData(now.getData())
          .setLength(now.getLength());
    }
    ValueState old = change.before();
    if (old != null) {
      event
          .setOldValueType(Text.bounded(old.getType(), Text.NAME))
          .setOldData(old.getData())
          .setOldLength(old.getLength());
    }
    out.accept(event.build());
  }

  private RegistryEvent.Builder keyEvent(
      RegistryEventType type, String path, KeyState key, Moment since, Long time) {
    return event(type, since, capture.number())
        .setTime(time)
        .setKey(shown(path))
        .setLastWriteTime(Times.plausible(key.getLastWriteTime()))
        .setWatched(key.getWatched())
        .setEvidence(evidence(key, capture.number()));
  }

  private RegistryEvent.Builder event(RegistryEventType type, Moment since, long seenIn) {
    return RegistryEvent.newBuilder()
        .setDomain(capture.domain())
        .setCapture(capture.number())
        .setType(type)
        .setNotBefore(capture.timeOf(since))
        .setNotAfter(capture.time())
        .setHive(hive.getPath())
        .setFileName(hive.getFileName())
        .setEvidence(new Evidence(seenIn, hiveGpa(), hive.getObjectVa(), hive.getSeenBy()));
  }

  private Evidence evidence(KeyState key, long seenIn) {
    return key.getCellGpa() == null
        ? new Evidence(seenIn, hiveGpa(), hive.getObjectVa(), hive.getSeenBy())
        : new Evidence(seenIn, key.getCellGpa(), null, hive.getSeenBy());
  }

  /** 0 where it is not known: the hive is found by its VA, whose page may be paged out. */
  private long hiveGpa() {
    return Objects.requireNonNullElse(hive.getObjectGpa(), 0L);
  }

  /** The guest chose it: at most a path's length, nothing that could steer a terminal. */
  private static String shown(String path) {
    return Text.bounded(KeyPath.key(path), Text.PATH);
  }

  /** A LastWriteTime, if it lies between the captures; any program can set one, and clocks move. */
  private Long plausible(long lastWriteTime, Moment since) {
    Moment now = capture.moment();
    if (now.getGuestTime() == null || capture.timeOf(since) == null) {
      return null;
    }
    return lastWriteTime >= since.getGuestTime() - Capture.slack(since)
            && lastWriteTime <= now.getGuestTime() + Capture.slack(now)
        ? (Long) lastWriteTime
        : null;
  }
}
