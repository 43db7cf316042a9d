package io.ramtide.correlator;

import io.ramtide.correlator.process.Capture;
import io.ramtide.correlator.process.EventOrder;
import io.ramtide.correlator.state.DomainState;
import io.ramtide.correlator.state.DomainStore;
import io.ramtide.correlator.state.FindingBuffer;
import io.ramtide.correlator.state.OpenCapture;
import io.ramtide.correlator.state.ProcessStore;
import io.ramtide.correlator.state.TrackedProcess;
import io.ramtide.schemas.Finding;
import io.ramtide.schemas.ProcessFinding;
import io.ramtide.schemas.Summary;
import io.ramtide.schemas.SystemFinding;
import io.ramtide.schemas.UnreadableRecordException;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gathers the findings of a capture until its Summary closes it, and correlates it then. */
final class FindingsProcessor implements Processor<byte[], byte[], byte[], byte[]> {
  /** Findings correlated of one capture: a guest can fake more, but nobody runs so many. */
  static final int MAX_FINDINGS = 16_384;

  private static final Logger LOG = LoggerFactory.getLogger(FindingsProcessor.class);

  private final Inspection inspection = new Inspection();
  private final int maxFindings;
  private ProcessorContext<byte[], byte[]> context;
  private DomainStore domains;
  private ProcessStore processes;
  private FindingBuffer buffer;
  private Output output;

  FindingsProcessor() {
    this(MAX_FINDINGS);
  }

  FindingsProcessor(int maxFindings) {
    this.maxFindings = maxFindings;
  }

  @Override
  public void init(ProcessorContext<byte[], byte[]> newContext) {
    context = newContext;
    domains = new DomainStore(context.getStateStore(DomainStore.NAME));
    processes = new ProcessStore(context.getStateStore(ProcessStore.NAME));
    buffer = new FindingBuffer(context.getStateStore(FindingBuffer.NAME));
    output = new Output(context);
  }

  @Override
  public void process(Record<byte[], byte[]> message) {
    try {
      accept(inspection.read(message.key(), message.value()), message);
    } catch (UnreadableRecordException e) {
      RecordMetadata at = position();
      reject(at.partition(), at.offset(), e.getMessage(), message);
    }
  }

  private void accept(Finding finding, Record<byte[], byte[]> message)
      throws UnreadableRecordException {
    String domain = finding.getDomain();
    DomainState state = domains.get(domain);
    if (finding.getCapture() <= state.getLastCapture()) {
      skip(finding, state);
      return;
    }
    OpenCapture open = state.getOpen();
    if (open != null && finding.getCapture() < open.getCapture()) {
      throw new UnreadableRecordException(
          "out of order: a finding of capture %d after those of capture %d"
              .formatted(finding.getCapture(), open.getCapture()));
    }
    if (open != null && finding.getCapture() > open.getCapture()) {
      giveUp(finding, open, message);
      open = null;
    }
    if (finding.getBody() instanceof Summary summary) {
      close(finding, summary, open, state, message);
    } else {
      keep(finding, open, state, message.value());
    }
  }

  /** After a restart of a scanner, or a replay of the topic, findings come again. */
  private static void skip(Finding finding, DomainState state) {
    if (finding.getBody() instanceof Summary) {
      LOG.info(
          "domain {}: capture {} ignored, captures up to {} are already correlated",
          finding.getDomain(),
          finding.getCapture(),
          state.getLastCapture());
    }
  }

  private void giveUp(Finding next, OpenCapture open, Record<byte[], byte[]> message) {
    buffer.clear(next.getDomain(), open.getBuffered());
    String reason =
        "capture %d of domain %s has no Summary: its %d findings from this position on are dropped,"
            + " capture %d follows";
    Record<byte[], byte[]> noValue = new Record<>(message.key(), null, message.timestamp());
    reject(
        open.getPartition(),
        open.getOffset(),
        reason.formatted(
            open.getCapture(), next.getDomain(), open.getFindings(), next.getCapture()),
        noValue);
  }

  private void keep(Finding finding, OpenCapture open, DomainState state, byte[] bytes) {
    RecordMetadata at = position();
    int findings = open == null ? 0 : open.getFindings();
    int buffered = open == null ? 0 : open.getBuffered();
    if (buffered < maxFindings) {
      buffer.add(finding.getDomain(), buffered++, bytes);
    }
    OpenCapture now =
        new OpenCapture(
            finding.getCapture(),
            findings + 1,
            buffered,
            open == null ? at.partition() : open.getPartition(),
            open == null ? at.offset() : open.getOffset());
    domains.put(finding.getDomain(), with(state, now));
  }

  private void close(
      Finding finding,
      Summary summary,
      OpenCapture open,
      DomainState state,
      Record<byte[], byte[]> message)
      throws UnreadableRecordException {
    String domain = finding.getDomain();
    int came = open == null ? 0 : open.getFindings();
    int buffered = open == null ? 0 : open.getBuffered();
    List<byte[]> findings = buffer.all(domain);
    buffer.clear(domain, buffered);
    domains.put(domain, with(state, null));
    if (summary.getFindings() != came) {
      throw new UnreadableRecordException(
          "the Summary of capture %d speaks of %d findings, but %d came: none is correlated"
              .formatted(finding.getCapture(), summary.getFindings(), came));
    }
    List<TrackedProcess> before = processes.all(domain);
    Correlation correlation;
    try {
      correlation =
          Correlation.of(state, before, capture(finding, summary, findings, came - buffered));
    } catch (RuntimeException e) {
      // Nothing is written yet. One capture that breaks a rule's code must not end the service.
      LOG.error("domain {}: capture {} could not be correlated", domain, finding.getCapture(), e);
      throw new UnreadableRecordException(
          "capture %d could not be correlated: %s".formatted(finding.getCapture(), e), e);
    }
    logGap(finding, state);
    processes.replace(domain, before, correlation.processes());
    domains.put(domain, correlation.domain());
    output.send(correlation, message.timestamp());
  }

  private Capture capture(Finding last, Summary summary, List<byte[]> findings, int dropped) {
    SystemFinding system = null;
    List<ProcessFinding> found = new ArrayList<>();
    for (byte[] bytes : findings) {
      Object body = inspection.body(bytes);
      if (body instanceof SystemFinding s) {
        system = s;
      } else if (body instanceof ProcessFinding p) {
        found.add(Inspection.tame(p));
      }
    }
    found.sort(EventOrder.OF_PROCESSES);
    removeTwins(found);
    return new Capture(
        last.getDomain(), last.getCapture(), Inspection.tame(summary), system, found, dropped);
  }

  /** A scanner tells each process once; if it does not, twice is not two processes. */
  private static void removeTwins(List<ProcessFinding> sorted) {
    for (int i = sorted.size() - 1; i > 0; i--) {
      if (EventOrder.OF_PROCESSES.compare(sorted.get(i - 1), sorted.get(i)) == 0) {
        sorted.remove(i);
      }
    }
  }

  private static void logGap(Finding finding, DomainState state) {
    long expected = state.getLastCapture() + 1;
    if (state.getLastCapture() > 0 && finding.getCapture() > expected) {
      LOG.warn(
          "domain {}: captures {} to {} are missing, changes in them show up in capture {}",
          finding.getDomain(),
          expected,
          finding.getCapture() - 1,
          finding.getCapture());
    }
  }

  private static DomainState with(DomainState state, OpenCapture open) {
    return DomainState.newBuilder(state).setOpen(open).build();
  }

  private void reject(int partition, long offset, String reason, Record<byte[], byte[]> message) {
    LOG.warn("rejected a record at partition {} offset {}: {}", partition, offset, reason);
    long now = context.currentSystemTimeMs();
    output.send(
        Rejections.of(partition, offset, reason, now, message.key(), message.value()),
        message.timestamp());
  }

  private RecordMetadata position() {
    return context
        .recordMetadata()
        .orElseThrow(() -> new IllegalStateException("only records of the source topic come here"));
  }
}
