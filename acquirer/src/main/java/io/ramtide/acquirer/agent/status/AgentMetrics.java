package io.ramtide.acquirer.agent.status;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.ramtide.acquirer.agent.budget.Budget;
import io.ramtide.acquirer.agent.domain.DomainStatus;
import io.ramtide.schemas.AgentDomain;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.ToDoubleFunction;

/** An agent's metrics, read when they are asked for; docs/acquisition.md lists them. */
final class AgentMetrics {
  private static final double NANOS = 1e9;
  private static final double MICROS = 1e6;
  private static final int FRAME = 4096;
  private static final String[] LABELS = {"domain", "name"};

  private final AgentView agent;
  private final PrometheusRegistry registry;

  private AgentMetrics(AgentView agent, PrometheusRegistry registry) {
    this.agent = agent;
    this.registry = registry;
  }

  static void register(AgentView agent, PrometheusRegistry registry) {
    AgentMetrics metrics = new AgentMetrics(agent, registry);
    metrics.ofAgent();
    metrics.ofDomains();
  }

  private void ofAgent() {
    gauge("hypervisor_up", "1 while libvirt answers.", () -> agent.isConnected() ? 1 : 0);
    gauge("lanes", "Captures that can be in hand at once.", agent::lanes);
    counter("cpu_seconds", "Processor time of the process.", () -> Budget.processCpuNanos() / NANOS);
    counter(
        "sent_bytes",
        "Chunks and evidence handed to the broker's client, before compression.",
        agent::sentBytes);
    counter(
        "budget_wait_seconds",
        "Time that --max-cpu and --max-bandwidth cost.",
        () -> agent.waitedNanos() / NANOS);
  }

  private void ofDomains() {
    domainCounter("captures", "Captures that exist.", status -> status.record().getCaptures());
    domainCounter("failures", "Captures given up.", status -> status.record().getFailures());
    domainCounter("skipped", "Captures not made because one before was late.", DomainStatus::skipped);
    domainCounter(
        "read_data_bytes",
        "Pages that captures carry.",
        status -> (double) status.sentFrames() * FRAME);
    domainGauge(
        "failing",
        "1 while captures fail.",
        status -> status.record().getState().equals("failing") ? 1 : 0);
    domainGauge(
        "interval_seconds",
        "From one capture's start to the next one's, as it should be at present.",
        status -> status.record().getIntervalMillis() / 1e3);
    domainGauge(
        "last_capture_seconds",
        "How long the last capture took, its acknowledgement by the broker included.",
        status ->
            status
                .last()
                .map(last -> (last.getEndedAt() - last.getStartedAt()) / MICROS)
                .orElse(Double.NaN));
    domainGauge(
        "last_capture_paused_seconds",
        "How long the guest stood still for the last capture.",
        status ->
            status
                .last()
                .map(last -> last.getPausedMicros() == null ? 0 : last.getPausedMicros() / MICROS)
                .orElse(Double.NaN));
    domainGauge(
        "last_capture_timestamp_seconds",
        "Start of the last capture, seconds since 1970 UTC.",
        status ->
            status.last().map(last -> last.getStartedAt() / MICROS).orElse(Double.NaN));
  }

  private void gauge(String name, String help, DoubleSupplier value) {
    GaugeWithCallback.builder()
        .name("ramtide_agent_" + name)
        .help(help)
        .callback(callback -> callback.call(value.getAsDouble()))
        .register(registry);
  }

  private void counter(String name, String help, DoubleSupplier value) {
    CounterWithCallback.builder()
        .name("ramtide_agent_" + name + "_total")
        .help(help)
        .callback(callback -> callback.call(value.getAsDouble()))
        .register(registry);
  }

  private void domainGauge(String name, String help, ToDoubleFunction<DomainStatus> value) {
    GaugeWithCallback.builder()
        .name("ramtide_domain_" + name)
        .help(help)
        .labelNames(LABELS)
        .callback(callback -> each((domain, is) -> callback.call(is, labels(domain)), value))
        .register(registry);
  }

  private void domainCounter(String name, String help, ToDoubleFunction<DomainStatus> value) {
    CounterWithCallback.builder()
        .name("ramtide_domain_" + name + "_total")
        .help(help)
        .labelNames(LABELS)
        .callback(callback -> each((domain, is) -> callback.call(is, labels(domain)), value))
        .register(registry);
  }

  /** Takes a domain's value. */
  private interface Taker {
    void take(AgentDomain domain, double value);
  }

  private void each(Taker taker, ToDoubleFunction<DomainStatus> value) {
    Consumer<DomainStatus> one =
        status -> taker.take(status.record(), value.applyAsDouble(status));
    agent.domains().forEach(one);
  }

  private static String[] labels(AgentDomain domain) {
    return new String[] {domain.getDomain(), domain.getName()};
  }
}
