package io.ramtide.correlator;

import io.ramtide.correlator.capture.Capture;
import io.ramtide.correlator.intake.Inspection;
import io.ramtide.correlator.intake.Limits;
import io.ramtide.correlator.intake.OpenFindings;
import io.ramtide.correlator.registry.OpenKeys;
import io.ramtide.correlator.registry.RegistryTimeline;
import io.ramtide.correlator.state.DomainState;
import io.ramtide.correlator.state.DomainStore;
import io.ramtide.correlator.state.EndpointStore;
import io.ramtide.correlator.state.FindingBuffer;
import io.ramtide.correlator.state.HiveStore;
import io.ramtide.correlator.state.KeyStore;
import io.ramtide.correlator.state.OpenCapture;
import io.ramtide.correlator.state.ProcessStore;
import io.ramtide.schemas.Finding;
import io.ramtide.schemas.Summary;
import io.ramtide.schemas.UnreadableRecordException;
import java.util.Optional;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gathers the findings of a capture until its Summary closes it, and correlates it then. */
final class FindingsProcessor implements Processor<byte[], byte[], byte[], byte[]> {
  private static final Logger LOG = LoggerFactory.getLogger(FindingsProcessor.class);

  private final Inspection inspection = new Inspection();
  private final Limits limits;
  private ProcessorContext<byte[], byte[]> context;
  private DomainStore domains;
  private OpenFindings findings;
  private Correlation correlation;
  private Output output;

  FindingsProcessor(Limits limits) {
    this.limits = limits;
  }

  @Override
  public void init(ProcessorContext<byte[], byte[]> newContext) {
    context = newContext;
    domains = new DomainStore(context.getStateStore(DomainStore.NAME));
    OpenKeys open = new OpenKeys(new KeyStore(context.getStateStore(KeyStore.OPEN)));
    findings =
        new OpenFindings(
            new FindingBuffer(context.getStateStore(FindingBuffer.NAME)), open, limits);
    correlation =
        new Correlation(
            new ProcessPart(new ProcessStore(context.getStateStore(ProcessStore.NAME))),
            new RegistryPart(
                new RegistryTimeline(
                    new HiveStore(context.getStateStore(HiveStore.NAME)),
                    new KeyStore(context.getStateStore(KeyStore.NAME)),
                    open,
                    limits.keys())),
            new NetworkPart(new EndpointStore(context.getStateStore(EndpointStore.NAME))));
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
    if (open == null) {
      open = begin(finding);
    }
    if (finding.body() instanceof Summary) {
      close(finding, open, state, message);
    } else {
      domains.put(domain, with(state, findings.add(domain, open, finding.body())));
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
    forget(next.domain(), open);
    String reason =
        "capture %d of domain %s has no Summary: its %d findings from this position on are dropped,"
            + " capture %d follows";
    Record<byte[], byte[]> noValue = new Record<>(message.key(), null, message.timestamp());
    reject(
        open.getPartition(),
        open.getOffset(),
        reason.formatted(
            open.getCapture(), next.domain(), OpenFindings.count(open), next.capture()),
        noValue);
  }

  private void forget(String domain, OpenCapture open) {
    findings.forget(domain, open);
    findings.forgetKeys(domain);
  }

  private OpenCapture begin(Finding first) {
    RecordMetadata at = position();
    return OpenCapture.newBuilder()
        .setCapture(first.capture())
        .setPartition(at.partition())
        .setOffset(at.offset())
        .build();
  }

  private void close(
      Finding last, OpenCapture open, DomainState state, Record<byte[], byte[]> message)
      throws UnreadableRecordException {
    String domain = last.domain();
    Correlation.Compared compared;
    try {
      Capture capture = findings.close(last, open);
      compared =
          correlation.compare(state, new CaptureOutput(output, capture, message.timestamp()));
    } catch (UnreadableRecordException e) {
      forget(domain, open);
      domains.put(domain, with(state, null));
      throw e;
    } catch (RuntimeException e) {
      // Nothing is written yet. One capture that breaks a rule's code must not end the service.
      LOG.error("domain {}: capture {} could not be correlated", domain, last.capture(), e);
      forget(domain, open);
      domains.put(domain, with(state, null));
      throw new UnreadableRecordException(
          "capture %d could not be correlated: %s".formatted(last.capture(), e), e);
    }
    logGap(last, state);
    domains.put(domain, correlation.write(compared));
    forget(domain, open);
    context
        .commit(); // Readers see the events when the transaction ends: now, not at some interval.
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
