package io.ramtide.scanner.windows.guest;

import io.ramtide.schemas.Coverage;
import io.ramtide.schemas.CoverageStatus;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;

/**
 * Takes findings, and what is to be said of those that are missing. Bounded: what a guest has too
 * many of is counted, not kept.
 */
public final class FindingSink {
  /** Findings of a kind that are passed on; a busy server has some 10^5 handles. */
  public static final int MAX_OF_A_KIND = 1 << 18;

  /** Of registry keys: a workstation has half a million of them. */
  public static final int MAX_KEYS = 1 << 21;

  private static final int MAX_DETAILS = 8;

  private final Consumer<SpecificRecord> out;
  private final Map<What, Kind> kinds = new EnumMap<>(What.class);

  /** What is known of a kind. */
  private static final class Kind {
    private int count;
    private long cut;
    private CoverageStatus status = CoverageStatus.complete;
    private final Set<String> cuts = new LinkedHashSet<>();
    private final Set<String> details = new LinkedHashSet<>();
    private long moreDetails;
    private long partly;
    private final Map<String, Integer> partlyWhy = new LinkedHashMap<>();

    void raise(CoverageStatus to) {
      if (to.compareTo(status) > 0) {
        status = to;
      }
    }
  }

  /**
   * @param wanted kinds that are to be covered
   */
  public FindingSink(Set<What> wanted, Consumer<SpecificRecord> out) {
    this.out = out;
    wanted.forEach(what -> kinds.put(what, new Kind()));
  }

  public boolean wants(What what) {
    return kinds.containsKey(what);
  }

  /** Passes a finding on, if its kind is wanted. */
  public void add(What what, SpecificRecord finding) {
    Kind kind = kinds.get(what);
    if (kind == null) {
      return;
    }
    if (kind.count == (what == What.registry ? MAX_KEYS : MAX_OF_A_KIND)) {
      kind.cut++;
      return;
    }
    kind.count++;
    out.accept(finding);
  }

  /** Says that something of a kind could not be read, or was left out. */
  public void incomplete(What what, String why) {
    note(what, CoverageStatus.incomplete, why);
  }

  /**
   * Says what people should know of a kind of which nothing is missing: that one of several views
   * could not be used, for instance. Does not lower its status.
   */
  public void remark(What what, String why) {
    note(what, CoverageStatus.complete, why);
  }

  /**
   * Says that a finding is there, but what it is to tell could not be read. Counted by reason,
   * since many findings share one.
   *
   * @param why null: it could be read
   */
  public void partly(What what, String why) {
    Kind kind = kinds.get(what);
    if (kind == null || why == null) {
      return;
    }
    kind.partly++;
    kind.raise(CoverageStatus.incomplete);
    if (kind.partlyWhy.size() < MAX_DETAILS || kind.partlyWhy.containsKey(why)) {
      kind.partlyWhy.merge(why, 1, Integer::sum);
    }
  }

  /**
   * Says that what there is of a kind was left out since there is too much of it, and how much was
   * not. Comes before what is said by {@link #incomplete}, of which there may be more than is kept.
   */
  public void cut(What what, String why) {
    Kind kind = kinds.get(what);
    if (kind != null && kind.cuts.size() < MAX_DETAILS) {
      kind.cuts.add(why);
      kind.raise(CoverageStatus.incomplete);
    }
  }

  /** Says that a kind cannot be decoded on this build. */
  public void notSupported(What what, String why) {
    note(what, CoverageStatus.notSupported, why);
  }

  /** Says that a defect of the scanner ended the decoding of a kind. */
  public void failed(What what, String why) {
    note(what, CoverageStatus.failed, why);
  }

  private void note(What what, CoverageStatus status, String why) {
    Kind kind = kinds.get(what);
    if (kind == null) {
      return;
    }
    kind.raise(status);
    if (kind.details.size() < MAX_DETAILS) {
      kind.details.add(why);
    } else if (!kind.details.contains(why)) {
      kind.moreDetails++;
    }
  }

  /** What was asked for, kind by kind. */
  public List<Coverage> coverage() {
    return kinds.entrySet().stream().map(kind -> coverage(kind.getKey(), kind.getValue())).toList();
  }

  private static Coverage coverage(What what, Kind kind) {
    List<String> details = new ArrayList<>(kind.cuts);
    details.addAll(kind.details);
    String detail = String.join("; ", details);
    if (kind.moreDetails > 0) {
      detail += "; and %d more".formatted(kind.moreDetails);
    }
    if (kind.partly > 0) {
      String partly =
          "%d of them not read whole (%s)".formatted(kind.partly, reasons(kind.partlyWhy));
      detail = detail.isEmpty() ? partly : partly + "; " + detail;
    }
    if (kind.cut > 0) {
      String cut = "only the first %d of %d".formatted(kind.count, kind.count + kind.cut);
      detail = detail.isEmpty() ? cut : cut + "; " + detail;
    }
    boolean whole = kind.cut == 0 || kind.status != CoverageStatus.complete;
    return Coverage.newBuilder()
        .setKind(what.name())
        .setStatus(whole ? kind.status : CoverageStatus.incomplete)
        .setCount(kind.count)
        .setDetail(detail.isEmpty() ? null : detail)
        .build();
  }

  private static String reasons(Map<String, Integer> reasons) {
    return reasons.entrySet().stream()
        .map(reason -> reason.getValue() + "x " + reason.getKey().replace("; ", " and "))
        .collect(Collectors.joining(", "));
  }
}
