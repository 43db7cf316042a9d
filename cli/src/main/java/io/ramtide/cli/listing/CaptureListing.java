package io.ramtide.cli.listing;

import io.ramtide.scanner.windows.guest.What;
import io.ramtide.schemas.Coverage;
import io.ramtide.schemas.CoverageStatus;
import io.ramtide.schemas.FindingCodec;
import io.ramtide.schemas.FindingKind;
import io.ramtide.schemas.HiveFinding;
import io.ramtide.schemas.RegistryKeyFinding;
import io.ramtide.schemas.RegistryKeyGone;
import io.ramtide.schemas.Summary;
import io.ramtide.schemas.SystemFinding;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;

/**
 * Makes of the findings of one domain's captures what an analysis of the last one alone would give.
 * All kinds are told anew in every capture but registry keys, of which most captures tell only what
 * changed: these are gathered from the captures before, and given in the order of their paths.
 */
public final class CaptureListing {
  /** Of registry keys, in the heap: some 10^5 keys; a guest decides how many there are. */
  static final long MOST_BYTES = 192L << 20;

  private final long last;
  private final Set<What> wanted;
  private final Consumer<SpecificRecord> out;
  private final FindingCodec codec = new FindingCodec();
  private final Map<Long, ToldHive> hives = new HashMap<>();
  private final Set<String> gaps = new LinkedHashSet<>();
  private final long most;
  private HiveFinding hive;
  private Summary summary;
  private long bytes;
  private long leftOut;
  private int keys;
  private int given;

  /**
   * A listing.
   *
   * @param last number of the capture that is listed
   * @param wanted kinds
   * @param out takes the findings, in the order of an analysis
   */
  public CaptureListing(long last, Set<What> wanted, Consumer<SpecificRecord> out) {
    this(last, wanted, out, MOST_BYTES);
  }

  private CaptureListing(long last, Set<What> wanted, Consumer<SpecificRecord> out, long most) {
    this.last = last;
    this.wanted = Set.copyOf(wanted);
    this.out = out;
    this.most = most;
  }

  /**
   * The same, with less room for registry keys.
   *
   * @param most bytes
   */
  public static CaptureListing ofAtMost(
      long last, Set<What> wanted, Consumer<SpecificRecord> out, long most) {
    return new CaptureListing(last, wanted, out, most);
  }

  /** Takes the next finding of the domain, capture by capture, each as the scanner told it. */
  public void take(long capture, SpecificRecord finding) {
    if (capture > last) {
      return;
    }
    if (finding instanceof HiveFinding next) {
      giveHive();
      bytes -= told(next.getObjectVa()).begin(capture, next.getKeysSince());
      hive = capture == last ? next : null;
    } else if (finding instanceof RegistryKeyFinding key) {
      keep(key);
    } else if (finding instanceof RegistryKeyGone gone) {
      bytes -= told(gone.getHiveVa()).remove(gone.getKey());
    } else if (capture == last) {
      giveHive();
      if (finding instanceof Summary end) {
        summary = end;
      } else {
        give(finding);
      }
    }
  }

  private ToldHive told(long va) {
    return hives.computeIfAbsent(va, any -> new ToldHive(codec));
  }

  private void keep(RegistryKeyFinding key) {
    if (!wanted.contains(What.registry)) {
      return;
    }
    if (bytes > most) {
      leftOut++;
    } else {
      bytes += told(key.getHiveVa()).put(key);
    }
  }

  /** The hive that was told of last, now that all its keys have come. */
  private void giveHive() {
    if (hive == null) {
      return;
    }
    give(HiveFinding.newBuilder(hive).setKeysSince(null).build());
    ToldHive told = told(hive.getObjectVa());
    if (!told.isWhole()) {
      gaps.add("%s: keys that did not change since are not listed".formatted(hive.getPath()));
    }
    keys += told.forEach(key -> give(unwatched(key)));
    hive = null;
  }

  /** Here nobody has a watch list. */
  private static RegistryKeyFinding unwatched(RegistryKeyFinding key) {
    return key.getWatched() ? RegistryKeyFinding.newBuilder(key).setWatched(false).build() : key;
  }

  private void give(SpecificRecord finding) {
    FindingKind kind = FindingKind.of(finding);
    if (finding instanceof SystemFinding || wanted.stream().anyMatch(what -> what.tells(kind))) {
      given++;
      out.accept(finding);
    }
  }

  /** How the capture ended, once that has come; it counts what the listing has. */
  public Optional<Summary> summary() {
    if (summary == null) {
      return Optional.empty();
    }
    Set<String> names = wanted.stream().map(What::name).collect(Collectors.toSet());
    List<Coverage> coverage =
        summary.getCoverage().stream()
            .filter(kind -> names.contains(kind.getKind()))
            .map(kind -> kind.getKind().equals(What.registry.name()) ? registry(kind) : kind)
            .toList();
    return Optional.of(
        Summary.newBuilder(summary)
            .setDomain("")
            .setCapture(0)
            .setFindings(given)
            .setCoverage(coverage)
            .build());
  }

  private Coverage registry(Coverage told) {
    List<String> missing = new ArrayList<>(gaps);
    if (leftOut > 0) {
      missing.add("%d keys that were told are too many to list".formatted(leftOut));
    }
    boolean lacks = told.getStatus() == CoverageStatus.complete && !missing.isEmpty();
    String detail =
        Stream.concat(Stream.ofNullable(told.getDetail()), missing.stream())
            .collect(Collectors.joining("; "));
    return Coverage.newBuilder(told)
        .setStatus(lacks ? CoverageStatus.incomplete : told.getStatus())
        .setCount(keys)
        .setDetail(detail.isEmpty() ? null : detail)
        .build();
  }
}
