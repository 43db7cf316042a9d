package io.ramtide.cli.listing;

import io.ramtide.correlator.state.KeyPath;
import io.ramtide.schemas.FindingCodec;
import io.ramtide.schemas.RegistryKeyFinding;
import io.ramtide.schemas.UnreadableRecordException;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The keys of one hive: as a capture told them whole, and what later ones changed. */
final class ToldHive {
  /** As Windows sorts names: their case comes last. Paths are {@link KeyPath}s. */
  private static final Comparator<String> TREE =
      String.CASE_INSENSITIVE_ORDER.thenComparing(Comparator.naturalOrder());

  private final FindingCodec codec;
  private final TreeMap<String, byte[]> keys = new TreeMap<>(TREE);
  private long capture;
  private boolean whole;

  ToldHive(FindingCodec codec) {
    this.codec = codec;
  }

  /**
   * A capture begins to tell of the hive.
   *
   * @param since the capture since which it tells what changed; null: it tells everything
   * @return how many bytes are not kept any more
   */
  long begin(long number, Long since) {
    long freed = 0;
    if (since == null) {
      freed = keys.values().stream().mapToLong(key -> key.length).sum();
      keys.clear();
      whole = true;
    } else if (since != capture) {
      whole = false;
    }
    capture = number;
    return freed;
  }

  /** Returns how many bytes more are kept. */
  long put(RegistryKeyFinding key) {
    byte[] now = codec.encode("", 0, key);
    byte[] before = keys.put(KeyPath.of(key.getKey()), now);
    return (long) now.length - (before == null ? 0 : before.length);
  }

  /** Forgets a key with all below it; returns how many bytes are not kept any more. */
  long remove(String key) {
    String top = KeyPath.of(key);
    long freed = 0;
    Iterator<Map.Entry<String, byte[]>> below = keys.tailMap(top, true).entrySet().iterator();
    while (below.hasNext()) {
      Map.Entry<String, byte[]> each = below.next();
      if (!each.getKey().regionMatches(true, 0, top, 0, top.length())) {
        break;
      }
      if (KeyPath.isWithin(each.getKey(), top)) {
        freed += each.getValue().length;
        below.remove();
      }
    }
    return freed;
  }

  /** Whether a capture told all of it, and no change since was missed. */
  boolean isWhole() {
    return whole;
  }

  /** Hands the keys over, in the order of the tree. */
  int forEach(Consumer<RegistryKeyFinding> out) {
    for (byte[] key : keys.values()) {
      try {
        out.accept((RegistryKeyFinding) codec.decode(key).body());
      } catch (UnreadableRecordException e) {
        throw new IllegalStateException("what was encoded here", e);
      }
    }
    return keys.size();
  }
}
