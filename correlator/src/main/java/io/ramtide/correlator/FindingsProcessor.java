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
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
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

  /** Of their bytes buffered; beyond it they lose their long texts. */
  static final long MAX_BYTES = 32 << 20;

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
      Optional<Finding> finding = inspection.read(message.key(), message.value());
      if (finding.isPresent()) {
        accept(finding.get(), message);
      }
    } catch (UnreadableRecordException e) {
      RecordMetadata at = position();
      reject(at.partition(), at.offset(), e.getMessage(), message);
    }
  }

  private void accept(Finding finding, Record<byte[], byte[]> message)
      throws UnreadableRecordException {
    String domain = finding.domain();
    DomainState state = domains.get(domain);
    if (finding.capture() <= state.getLastCapture()) {
      skip(finding, state);
      return;
    }
    OpenCapture open = state.getOpen();
    if (open != null && finding.capture() < open.getCapture()) {
      throw new UnreadableRecordException(
          "out of order: a finding of capture %d after those of capture %d"
              .formatted(finding.capture(), open.getCapture()));
    }
    if (open != null && finding.capture() > open.getCapture()) {
      giveUp(finding, open, message);
      open = null;
    }
    if (finding.body() instanceof Summary summary) {
      close(finding, summary, open, state, message);
    } else {
      keep(finding, open, state);
    }
  }

  /** After a restart of a scanner, or a replay of the topic, findings come again. */
  private static void skip(Finding finding, DomainState state) {
    if (finding.body() instanceof Summary) {
      LOG.info(
          "domain {}: capture {} ignored, captures up to {} are already correlated",
          finding.domain(),
          finding.capture(),
          state.getLastCapture());
    }
  }

  private void giveUp(Finding next, OpenCapture open, Record<byte[], byte[]> message) {
    buffer.clear(next.domain(), open.getBuffered());
    String reason =
        "capture %d of domain %s has no Summary: its %d findings from this position on are dropped,"
            + " capture %d follows";
    Record<byte[], byte[]> noValue = new Record<>(message.key(), null, message.timestamp());
    reject(
        open.getPartition(),
        open.getOffset(),
        reason.formatted(open.getCapture(), next.domain(), open.getFindings(), next.capture()),
        noValue);
  }

  private void keep(Finding finding, OpenCapture open, DomainState state) {
    RecordMetadata at = position();
    OpenCapture.Builder now =
        open == null
            ? OpenCapture.newBuilder()
                .setCapture(finding.capture())
                .setFindings(0)
                .setBuffered(0)
                .setPartition(at.partition())
                .setOffset(at.offset())
            : OpenCapture.newBuilder(open);
    if (now.getBuffered() < maxFindings) {
      byte[] bytes = inspection.buffered(finding.body());
      if (now.getBytes() + bytes.length > MAX_BYTES) {
        bytes = inspection.bufferedWithoutTexts(finding.body());
      }
      buffer.add(finding.domain(), now.getBuffered(), bytes);
      now.setBuffered(now.getBuffered() + 1).setBytes(now.getBytes() + bytes.length);
    }
    now.setFindings(now.getFindings() + 1);
    domains.put(finding.domain(), with(state, now.build()));
  }

  private void close(
      Finding finding,
      Summary summary,
      OpenCapture open,
      DomainState state,
      Record<byte[], byte[]> message)
      throws UnreadableRecordException {
    String domain = finding.domain();
    int came = open == null ? 0 : open.getFindings();
    int buffered = open == null ? 0 : open.getBuffered();
    List<byte[]> findings = buffer.all(domain);
    buffer.clear(domain, buffered);
    domains.put(domain, with(state, null));
    int expected = Inspection.expected(summary);
    if (expected != came) {
      throw new UnreadableRecordException(
          "the Summary of capture %d speaks of %d findings of kernel and processes, but %d came: none is correlated"
              .formatted(finding.capture(), expected, came));
    }
    List<TrackedProcess> before = processes.all(domain);
    Correlation correlation;
    try {
      correlation =
          Correlation.of(state, before, capture(finding, summary, findings, came - buffered));
    } catch (RuntimeException e) {
      // Nothing is written yet. One capture that breaks a rule's code must not end the service.
      LOG.error("domain {}: capture {} could not be correlated", domain, finding.capture(), e);
      throw new UnreadableRecordException(
          "capture %d could not be correlated: %s".formatted(finding.capture(), e), e);
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
      SpecificRecord body = inspection.body(bytes);
      if (body instanceof SystemFinding s) {
        system = s;
      } else if (body instanceof ProcessFinding p) {
        found.add(p);
      }
    }
    found.sort(EventOrder.OF_PROCESSES);
    removeTwins(found);
    return new Capture(
        last.domain(), last.capture(), Inspection.tame(summary), system, found, dropped);
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
    if (state.getLastCapture() > 0 && finding.capture() > expected) {
      LOG.warn(
          "domain {}: captures {} to {} are missing, changes in them show up in capture {}",
          finding.domain(),
          expected,
          finding.capture() - 1,
          finding.capture());
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
