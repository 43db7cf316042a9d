package io.ramtide.cli.inspect;

import java.util.Set;
import java.util.function.Predicate;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;

/**
 * Lets the findings of some processes through, and those that belong to no process.
 *
 * @param pids empty: of all processes
 */
public record PidFilter(Set<Long> pids) implements Predicate<SpecificRecord> {
  public PidFilter {
    pids = Set.copyOf(pids);
  }

  @Override
  public boolean test(SpecificRecord finding) {
    Schema.Field pid = finding.getSchema().getField("pid");
    return pids.isEmpty() || pid == null || pids.contains((Long) finding.get(pid.pos()));
  }
}
