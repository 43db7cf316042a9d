package io.ramtide.acquirer.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ramtide.acquirer.AcquirerOptions;
import io.ramtide.acquirer.CaptureException;
import io.ramtide.acquirer.CaptureOrder;
import io.ramtide.acquirer.Program;
import io.ramtide.acquirer.Progress;
import io.ramtide.acquirer.agent.lane.Capturer;
import io.ramtide.acquirer.libvirt.GuestEvent;
import io.ramtide.acquirer.live.LiveGuest;
import io.ramtide.acquirer.live.Method;
import io.ramtide.acquirer.live.MethodOptions;
import io.ramtide.acquirer.live.MethodUnavailableException;
import io.ramtide.acquirer.source.MemorySource;
import io.ramtide.schemas.AgentState;
import io.ramtide.schemas.AgentStatus;
import io.ramtide.schemas.Capability;
import io.ramtide.schemas.CaptureKind;
import io.ramtide.schemas.Command;
import io.ramtide.schemas.CommandAction;
import io.ramtide.schemas.CommandOutcome;
import io.ramtide.schemas.Consistency;
import io.ramtide.schemas.Ed25519Signature;
import io.ramtide.schemas.Manifest;
import io.ramtide.schemas.SessionId;
import io.ramtide.schemas.Sha256;
import io.ramtide.schemas.Source;
import io.ramtide.schemas.Topics;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AgentTest {
  private static final AgentOptions ENDLESS =
      AgentOptions.of(
              "fake:///",
              new MethodOptions(Path.of("unused"), Duration.ofSeconds(1)),
              new AcquirerOptions(Path.of("unused"), 64))
          .withEvery(Duration.ofMillis(50));
  private static final AgentOptions THREE = ENDLESS.withCaptures(OptionalLong.of(3));

  private final FakeGuest web = new FakeGuest("web");
  private final FakeGuest db = new FakeGuest("db");
  private final FakeHost host = new FakeHost(web, db);
  private final FakeTopics topics = new FakeTopics();
  private final LinkedBlockingQueue<String> news = new LinkedBlockingQueue<>();
  private volatile CaptureException brokerTrouble;
  private GuestCare care = new NoCare();

  @Test
  void boundedRun_endsWhenEveryGuestHasItsCaptures() throws Exception {
    try (Agent agent = start(THREE)) {
      AgentOutcome outcome = agent.await();

      assertThat(outcome.captures()).isEqualTo(6);
      assertThat(outcome.failures()).isZero();
      assertThat(outcome.unfinished()).isEmpty();
    }
  }

  @Test
  void failingGuest_doesNotDisturbAnother() throws Exception {
    db.failure = new IOException("QEMU answered nonsense");
    try (Agent agent = start(THREE)) {
      AgentOutcome outcome = agent.await();

      assertThat(outcome.captures()).isEqualTo(3);
      assertThat(outcome.unfinished()).containsExactly("db");
      assertThat(outcome.lastFailure())
          .hasValueSatisfying(why -> assertThat(why).hasMessageContaining("nonsense"));
    }
  }

  @Test
  void methodThatFails_isReplacedByTheNextBest() throws Exception {
    try (Agent agent = start(THREE.withDomains(List.of("web")), Method.SHARED_MEMORY)) {
      assertThat(agent.await().captures()).isEqualTo(3);
      assertThat(news).contains("web captured by process").doesNotContain("web captured by peek");
    }
  }

  @Test
  void guestThatStarts_isTakenUp_andOneThatStopsIsLetGoWithTheReason() throws Exception {
    try (Agent agent = start(ENDLESS.withDomains(List.of("web", "new*")))) {
      await("web captured by shared-memory"::equals);
      host.start(new FakeGuest("news"));
      await("news captured by shared-memory"::equals);
      host.stop(web, GuestEvent.Reason.MIGRATED_AWAY);
      await("web ended: it was migrated to another host"::equals);
      assertThat(agent.view().domains()).hasSize(1);
      assertThat(news).noneMatch(each -> each.startsWith("db"));
    }
  }

  @Test
  void anotherRunOfAGuest_isCapturedFurther() throws Exception {
    try (Agent agent = start(ENDLESS.withDomains(List.of("web")))) {
      await("web captured by shared-memory"::equals);
      host.running.remove(web);
      web.failure = new IOException("it is gone");
      host.start(new FakeGuest("web", "2"));
      await("web is in run 2"::equals);
      assertThat(agent.view().domains()).hasSize(1);
    }
  }

  @Test
  void lostHypervisor_isConnectedToAgain() throws Exception {
    try (Agent agent = start(ENDLESS)) {
      await("web captured by shared-memory"::equals);
      host.lose();
      awaitHeartbeat(status -> status.getState() == AgentState.NO_HYPERVISOR);
      host.comeBack();
      awaitHeartbeat(
          status ->
              status.getState() == AgentState.RUNNING
                  && status.getDomains().stream().allMatch(each -> each.getTrouble() == null));
      news.clear();
      await("web captured by shared-memory"::equals);
      assertThat(host.connections).hasValue(2);
      assertThat(agent.view().isConnected()).isTrue();
    }
  }

  @Test
  void guestWhoseRepairFailsUnforeseen_isCapturedAllTheSame() throws Exception {
    care =
        new NoCare() {
          @Override
          public void appeared(LiveGuest guest) {
            throw new IllegalStateException("QEMU answered nonsense");
          }
        };
    try (Agent agent = start(THREE)) {
      assertThat(agent.await().captures()).isEqualTo(6);
    }
  }

  @Test
  void guestThatRebootsAllTheTime_doesNotKeepTheAgentLooking() throws Exception {
    try (Agent agent = start(ENDLESS.withDomains(List.of("web")))) {
      await("web captured by shared-memory"::equals);
      int before = host.looks.get();
      long began = System.nanoTime();
      for (int i = 0; i < 400; i++) {
        host.reboot(web);
        LockSupport.parkNanos(1_000_000);
      }
      long tenths = (System.nanoTime() - began) / 100_000_000;

      assertThat(host.looks.get() - before).isLessThanOrEqualTo((int) tenths + 2);
      assertThat(agent.view().domains()).hasSize(1);
    }
  }

  @Test
  void brokerThatIsAway_costsCaptures_thatAreCounted() throws Exception {
    brokerTrouble = new CaptureException(CaptureException.Cause.BROKER, "no broker", null);
    try (Agent agent = start(ENDLESS.withDomains(List.of("web")))) {
      await("web failed: no broker"::equals);
      brokerTrouble = null;
      await("web captured by shared-memory"::equals);
      assertThat(agent.view().domains().get(0).record().getFailures()).isPositive();
    }
  }

  @Test
  void keyframe_isAskedOfTheNextCapture_andTheHeartbeatTellsOfIt() throws Exception {
    try (Agent agent = start(ENDLESS.withEvery(Duration.ofHours(1)))) {
      await("web captured by shared-memory"::equals);
      Command command = keyframe(Program.HOST);
      topics.command(command);
      await(("web keyframe for " + command.getId())::equals);
      AgentStatus told =
          awaitHeartbeat(
              status ->
                  status.getResults().stream()
                      .anyMatch(result -> result.getId().equals(command.getId())));
      assertThat(told.getResults().get(0).getOutcome()).isEqualTo(CommandOutcome.DONE);
      assertThat(told.getCommandOffset()).isEqualTo(1);
      assertThat(agent.view().domains()).allMatch(each -> each.record().getFailures() == 0);
    }
  }

  @Test
  void malformedCommand_isRejected_andLaterOnesAreObeyed() throws Exception {
    try (Agent agent = start(ENDLESS.withEvery(Duration.ofHours(1)))) {
      topics.command(Program.HOST, new byte[] {1, 2, 3});
      topics.command(keyframe("another-host"));
      Command command = keyframe(Program.HOST);
      topics.command(command);
      awaitHeartbeat(
          status ->
              status.getResults().stream()
                  .anyMatch(result -> result.getId().equals(command.getId())));
      assertThat(topics.producer.history())
          .filteredOn(each -> each.topic().equals(Topics.REJECTED))
          .hasSize(2);
      assertThat(agent.view().domains()).hasSize(2);
    }
  }

  @Test
  void close_saysThatItStopped() throws Exception {
    start(ENDLESS).close();

    List<AgentStatus> heartbeats = topics.heartbeats();
    assertThat(heartbeats.get(heartbeats.size() - 1).getState()).isEqualTo(AgentState.STOPPED);
  }

  @Test
  void boundedRun_withoutAGuest_saysWhichOnesRun() {
    assertThatThrownBy(() -> start(THREE.withDomains(List.of("mail*"))))
        .isInstanceOf(NoGuestException.class)
        .hasMessageContaining("mail*")
        .hasMessageContaining("these run: db, web");
  }

  private Agent start(AgentOptions options) throws Exception {
    return start(options, null);
  }

  /**
   * @param useless a method that cannot be used when it comes to it
   */
  private Agent start(AgentOptions options, Method useless) throws Exception {
    AgentParts parts =
        new AgentParts(
            host,
            FakeCapturer::new,
            (guest, wanted) -> {
              Method method = wanted.orElse(Method.SHARED_MEMORY);
              FakeGuest fake = (FakeGuest) guest;
              if (method == useless) {
                FakeGuest closed = new FakeGuest(fake.name());
                closed.failure = new MethodUnavailableException("not any more", null);
                return closed.by(method);
              }
              return fake.by(method);
            },
            care,
            () -> topics.producer,
            topics::consumer);
    return Agent.start(parts, options, new News());
  }

  private void await(Predicate<String> wanted) throws InterruptedException {
    for (String each = take(); !wanted.test(each); ) {
      each = take();
    }
  }

  private String take() throws InterruptedException {
    String next = news.poll(30, TimeUnit.SECONDS);
    assertThat(next).as("news").isNotNull();
    return next;
  }

  private AgentStatus awaitHeartbeat(Predicate<AgentStatus> wanted) throws InterruptedException {
    while (true) {
      for (AgentStatus each : topics.heartbeats()) {
        if (wanted.test(each)) {
          return each;
        }
      }
      news.poll(50, TimeUnit.MILLISECONDS);
    }
  }

  private static Command keyframe(String to) {
    return Command.newBuilder()
        .setId(UUID.randomUUID().toString())
        .setHost(to)
        .setIssuedAt(0)
        .setExpiresAt(Long.MAX_VALUE)
        .setIssuer("test")
        .setAction(CommandAction.KEYFRAME)
        .build();
  }

  /** Nothing to be put right. */
  private static class NoCare implements GuestCare {
    @Override
    public void appeared(LiveGuest guest) {}

    @Override
    public List<Capability> capabilities() {
      return List.of();
    }
  }

  /** Turns what happens into lines. */
  private final class News implements AgentListener {
    @Override
    public void captured(Manifest manifest) {
      String name = manifest.getDomainName();
      if (manifest.getCommand() != null) {
        news.add("%s keyframe for %s".formatted(name, manifest.getCommand()));
      }
      news.add("%s is in run %s".formatted(name, manifest.getSource().getName()));
      news.add("%s captured by %s".formatted(name, manifest.getMethod()));
    }

    @Override
    public void failed(UUID domain, String name, Exception reason) {
      news.add("%s failed: %s".formatted(name, reason.getMessage()));
    }

    @Override
    public void ended(UUID domain, String name, String why) {
      news.add("%s ended: %s".formatted(name, why));
    }
  }

  /** Makes manifests without reading anything. */
  private final class FakeCapturer implements Capturer {
    private final Map<UUID, Long> numbers = new HashMap<>();

    @Override
    public void prepare(UUID domain) throws CaptureException {
      CaptureException trouble = brokerTrouble;
      if (trouble != null) {
        throw trouble;
      }
    }

    @Override
    public Manifest capture(
        UUID domain, String name, MemorySource source, CaptureOrder order, Progress progress) {
      progress.at(1, 1);
      return Manifest.newBuilder()
          .setDomain(domain.toString())
          .setDomainName(name)
          .setCapture(numbers.merge(domain, 1L, Long::sum))
          .setSession(new SessionId(new byte[16]))
          .setKind(order.keyframe() ? CaptureKind.KEYFRAME : CaptureKind.DELTA)
          .setMethod(source.description().method())
          .setConsistency(Consistency.LIVE)
          .setHost("host")
          .setAcquirer("test")
          .setSource(new Source(source.description().name(), null, null))
          .setStartedAt(1)
          .setEndedAt(2)
          .setRam(List.of())
          .setDataFrames(0)
          .setZeroFrames(1)
          .setUnreadableFrames(0)
          .setUnchangedFrames(0)
          .setChunks(1)
          .setStripes(List.of())
          .setMerkleRoot(new Sha256(new byte[32]))
          .setCommand(order.command().orElse(null))
          .setPublicKey(ByteBuffer.allocate(0))
          .setSignature(new Ed25519Signature(new byte[64]))
          .build();
    }

    @Override
    public void forget(UUID domain) {
      numbers.remove(domain);
    }

    @Override
    public void close() {}
  }
}
