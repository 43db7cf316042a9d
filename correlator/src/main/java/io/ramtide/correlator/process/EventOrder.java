package io.ramtide.correlator.process;

import static java.util.Comparator.comparing;
import static java.util.Comparator.naturalOrder;
import static java.util.Comparator.nullsFirst;

import io.ramtide.schemas.ProcessEvent;
import io.ramtide.schemas.ProcessFinding;
import java.util.Comparator;

/** Total orders, so that the same captures always give the same records in the same order. */
public final class EventOrder {
  /** By time, else by the interval's beginning; a process arrives before it leaves. */
  static final Comparator<ProcessEvent> INSTANCE =
      comparing(EventOrder::begin, nullsFirst(naturalOrder()))
          .thenComparing(ProcessEvent::getPid)
          .thenComparing(ProcessEvent::getCreateTime, nullsFirst(naturalOrder()))
          .thenComparing(event -> event.getEvidence().getObjectGpa())
          .thenComparing(EventOrder::arrivalFirst)
          .thenComparing(ProcessEvent::getType);

  /** By PID, create time and object. */
  public static final Comparator<ProcessFinding> OF_PROCESSES =
      comparing(ProcessFinding::getPid)
          .thenComparing(ProcessFinding::getCreateTime, nullsFirst(naturalOrder()))
          .thenComparing(ProcessFinding::getObjectGpa)
          .thenComparing(ProcessFinding::getObjectVa, nullsFirst(naturalOrder()));

  private EventOrder() {}

  private static Long begin(ProcessEvent event) {
    return event.getTime() != null ? event.getTime() : event.getNotBefore();
  }

  private static int arrivalFirst(ProcessEvent event) {
    return switch (event.getType()) {
      case started, appeared -> 0;
      case exited, disappeared -> 1;
    };
  }
}
