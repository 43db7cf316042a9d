package io.ramtide.correlator.registry;

import io.ramtide.correlator.capture.Capture;
import io.ramtide.correlator.state.DomainState;
import io.ramtide.correlator.state.HiveKeys;
import io.ramtide.correlator.state.HiveStore;
import io.ramtide.correlator.state.KeyStore;
import io.ramtide.correlator.state.Moment;
import io.ramtide.correlator.state.TrackedHive;
import io.ramtide.schemas.Coverage;
import io.ramtide.schemas.CoverageStatus;
import io.ramtide.schemas.FindingKind;
import io.ramtide.schemas.HiveFinding;
import io.ramtide.schemas.RegistryEvent;
import io.ramtide.schemas.View;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells what changed in the registry of a domain since the captures before, and remembers it. */
public final class RegistryTimeline {
  /** Hives of a domain that are followed, those not seen last included. */
  static final int MAX_HIVES = 4_096;

  private static final Logger LOG = LoggerFactory.getLogger(RegistryTimeline.class);
  private static final Set<CoverageStatus> READ =
      EnumSet.of(CoverageStatus.complete, CoverageStatus.incomplete);

  private final HiveStore hives;
  private final KeyStore keys;
  private final OpenKeys open;
  private final int maxKeys;

  /**
   * @param open keys of captures in progress
   * @param maxKeys of a domain that are followed
   */
  public RegistryTimeline(HiveStore hives, KeyStore keys, OpenKeys open, int maxKeys) {
    this.hives = hives;
    this.keys = keys;
    this.open = open;
    this.maxKeys = maxKeys;
  }

  /**
   * What a capture brought.
   *
   * @param keys known after it
   * @param unfollowed keys beyond those that are followed
   * @param gaps hives whose changes were not all told
   * @param conclusive whether it could have seen every loaded hive
   */
  public record Result(int events, int keys, int unfollowed, int gaps, boolean conclusive) {}

  /**
   * Takes a capture in. Key by key: a registry does not fit into a heap.
   *
   * @param domain as it was before the capture; without a last decoded one, known hives are
   *     forgotten
   * @param capture a decoded one, its keys among the open ones
   */
  public Result take(DomainState domain, Capture capture, Consumer<RegistryEvent> out) {
    return new Taking(domain, capture, out).run();
  }

  /** How many keys of a domain are known. */
  public int known(String domain) {
    return hives.all(domain).stream().mapToInt(TrackedHive::keys).sum();
  }

  /** One capture being taken in. */
  private final class Taking {
    private final DomainState domain;
    private final Capture capture;
    private final boolean conclusive;
    private final boolean hasKeys;
    private final EventBatch events;
    private final Map<Long, TrackedHive> before = new TreeMap<>(Long::compareUnsigned);
    private final KeyRoom room;
    private int gaps;

    Taking(DomainState domain, Capture capture, Consumer<RegistryEvent> out) {
      this.domain = domain;
      this.capture = capture;
      this.conclusive =
          capture.dropped(FindingKind.hive) == 0
              && capture
                  .coverage("hives")
                  .filter(hive -> hive.getStatus() == CoverageStatus.complete)
                  .isPresent();
      this.hasKeys =
          capture.coverage("registry").map(Coverage::getStatus).filter(READ::contains).isPresent();
      this.events = new EventBatch(out);
      hives.all(capture.domain()).forEach(hive -> before.put(hive.va(), hive));
      this.room = new KeyRoom(maxKeys, before.values().stream().mapToInt(TrackedHive::keys).sum());
      if (domain.getLastDecoded() == null) {
        List.copyOf(before.values()).forEach(this::forget); // Of an earlier boot.
        before.clear();
      }
    }

    Result run() {
      Map<Long, HiveFinding> found = new TreeMap<>(Long::compareUnsigned);
      capture.hives().forEach(hive -> found.putIfAbsent(hive.getObjectVa(), hive));
      found.values().forEach(this::found);
      Map<Boolean, List<TrackedHive>> missing =
          before.values().stream().collect(Collectors.partitioningBy(this::isUnloaded));
      missing.get(true).forEach(this::unload);
      forgetTheLongestUnseen(found.size(), missing.get(false));
      int told = events.flush();
      return new Result(told, room.used(), room.refused(), gaps, conclusive);
    }

    /** The list has every hive but those that were taken off it: any missing page may have one. */
    private boolean isUnloaded(TrackedHive missing) {
      return conclusive
          && (missing.finding().getSeenBy().contains(View.hiveList)
              || capture.summary().getUnreadableFrames() == 0);
    }

    private void found(HiveFinding finding) {
      TrackedHive old = before.remove(finding.getObjectVa());
      if (old != null && !isSame(old.finding(), finding)) {
        unload(old); // There is room for one hive at a VA.
        old = null;
      }
      HiveFinding now = old == null ? finding : keepKnown(old.finding(), finding);
      HiveChanges changes = new HiveChanges(capture, now, events::add);
      if (old == null && domain.getLastHives() != null) {
        changes.loaded(domain.getLastHives());
      }
      hives.put(capture.domain(), hasKeys ? takeKeys(old, now, changes) : without(old, now));
    }

    private TrackedHive without(TrackedHive old, HiveFinding now) {
      return old == null
          ? new TrackedHive(now, capture.moment(), 0, 0, null)
          : new TrackedHive(now, capture.moment(), old.keys(), old.keysCapture(), old.keysAsOf());
    }

    private TrackedHive takeKeys(TrackedHive old, HiveFinding now, HiveChanges changes) {
      Moment asOf = old == null ? null : old.keysAsOf();
      HiveKeys found = open.of(capture.domain(), now.getObjectVa());
      HiveKeys gone = open.goneOf(capture.domain(), now.getObjectVa());
      int usedBefore = room.used();
      HiveWalk walk = new HiveWalk(known(now), found, gone, changes, asOf, room);
      boolean isWhole = now.getKeysSince() == null && found.get("") != null;
      if (isWhole) {
        walk.whole();
      } else {
        walk.changed();
      }
      boolean isGap = !isWhole && asOf != null && !continues(old, now);
      if (isGap) {
        gaps++;
      }
      boolean isBehind = isGap || (old != null && isBehind(old)) || hasLost();
      return new TrackedHive(
          now,
          capture.moment(),
          (old == null ? 0 : old.keys()) + room.used() - usedBefore,
          capture.number(),
          asOf == null || isWhole || !isBehind ? capture.moment() : asOf);
    }

    /** Whether the capture tells what changed since the one that was taken in last. */
    private boolean continues(TrackedHive old, HiveFinding now) {
      if (now.getKeysSince() == null) {
        return false; // Not even its root could be read.
      }
      boolean continues = now.getKeysSince() == old.keysCapture();
      if (!continues) {
        LOG.warn(
            "domain {}: capture {} has changes of a hive at 0x{} since capture {}, but capture {} is"
                + " known; what changed in between shows when the hive comes whole",
            capture.domain(),
            capture.number(),
            Long.toHexString(now.getObjectVa()),
            now.getKeysSince(),
            old.keysCapture());
      }
      return continues;
    }

    private boolean isBehind(TrackedHive hive) {
      return hive.keysAsOf() != null && hive.keysAsOf().getCapture() != hive.keysCapture();
    }

    private boolean hasLost() {
      return capture.dropped(FindingKind.registryKey) > 0
          || capture.dropped(FindingKind.registryKeyGone) > 0;
    }

    private void unload(TrackedHive hive) {
      new HiveChanges(capture, hive.finding(), events::add).unloaded(hive.seenAt());
      forget(hive);
    }

    private void forget(TrackedHive hive) {
      forgetKeys(hive);
      hives.delete(capture.domain(), hive);
    }

    private void forgetKeys(TrackedHive hive) {
      known(hive.finding()).clear();
      room.give(hive.keys());
    }

    /** A guest that breaks its own hive list could make the correlator remember without end. */
    private void forgetTheLongestUnseen(int seen, List<TrackedHive> missing) {
      int most = Math.max(0, MAX_HIVES - seen);
      missing.stream()
          .sorted(
              Comparator.comparing((TrackedHive hive) -> hive.seenAt().getCapture())
                  .thenComparing(TrackedHive::va))
          .limit(Math.max(0, missing.size() - most))
          .forEach(this::forget);
    }

    private HiveKeys known(HiveFinding hive) {
      return keys.hive(capture.domain(), hive.getObjectVa());
    }
  }

  /** At one VA: a path that could not be read tells two hives apart no more than none. */
  private static boolean isSame(HiveFinding a, HiveFinding b) {
    boolean known = a.getPathStatus() == null && b.getPathStatus() == null;
    return !known || a.getPath() == null || a.getPath().equalsIgnoreCase(b.getPath());
  }

  /** What a later capture could not read again stays known. */
  private static HiveFinding keepKnown(HiveFinding old, HiveFinding now) {
    HiveFinding.Builder known = HiveFinding.newBuilder(now);
    if (now.getPathStatus() != null && old.getPathStatus() == null) {
      known.setPath(old.getPath()).setPathStatus(null);
    }
    if (now.getFileNameStatus() != null && old.getFileNameStatus() == null) {
      known.setFileName(old.getFileName()).setFileNameStatus(null);
    }
    if (now.getObjectGpa() == null) {
      known.setObjectGpa(old.getObjectGpa());
    }
    return known.build();
  }
}
