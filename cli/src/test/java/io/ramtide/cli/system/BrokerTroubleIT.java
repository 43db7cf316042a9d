package io.ramtide.cli.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.cli.Output;
import io.ramtide.cli.broker.BrokerMain;
import io.ramtide.schemas.Manifest;
import io.ramtide.schemas.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker that is not there, or goes away and comes back. */
class BrokerTroubleIT {
  private static final String PRODUCE = "producer_byte_rate";

  @TempDir Path folder;
  private final String domain = UUID.randomUUID().toString();
  private int port;
  private int controllerPort;

  @BeforeEach
  void choosePorts() throws IOException {
    port = Ports.free();
    controllerPort = Ports.free();
  }

  @Test
  void everyCommand_withoutABroker_is6_withOneMessage_inTime() throws Exception {
    String file = Incident.write(folder).names().get(0);
    List<List<String>> commands =
        Stream.of(
                "topics create",
                "topics describe",
                "acquire " + file,
                "replay " + file,
                "scan",
                "correlate",
                "watch",
                "demo")
            .map(command -> on(command.split(" ")))
            .toList();
    List<CompletableFuture<Void>> runs = new ArrayList<>();
    long begun = System.nanoTime();
    for (List<String> command : commands) {
      Output output = new Output();
      runs.add(
          CompletableFuture.supplyAsync(
                  () -> output.run(command.toArray(String[]::new)),
                  task -> new Thread(task, command.get(0)).start())
              .thenAccept(
                  code -> {
                    assertThat(code).as(command + output.err()).isEqualTo(6);
                    assertThat(output.out()).isEmpty();
                    assertThat(output.err().lines())
                        .singleElement()
                        .asString()
                        .contains("no Kafka broker answers at 127.0.0.1:" + port)
                        .contains("--bootstrap-servers");
                  }));
    }
    CompletableFuture.allOf(runs.toArray(CompletableFuture[]::new)).get();
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(30));
  }

  @Test
  void brokerThatGoesAwayInACapture_andComesBack_isWaitedFor_andTheTimelineIsRight()
      throws Exception {
    Incident incident = Incident.write(folder);
    Cluster cluster = new Cluster("127.0.0.1:" + port);
    Running broker = startBroker();
    try {
      assertThat(new Output().run(args("topics", "create"))).isZero();
      try (Running scanner = Running.ramtide(args("scan")).await(" runs on ");
          Running correlator = Running.ramtide(args("correlate")).await(" runs on ")) {
        assertThat(acquire(incident.names().subList(0, 1))).isZero();
        Timeline.await(cluster, domain, 1);

        cluster.throttle("ramtide-acquirer", PRODUCE, 4 << 10);
        long before = cluster.end(Topics.PAGES, domain);
        try (Running acquirer = acquirer(incident.names())) {
          Await.until(
              "chunks are sent",
              () -> cluster.end(Topics.PAGES, domain) > before,
              acquirer::toString);
          broker.kill();
          assertThat(acquirer.exitCode()).as(acquirer.toString()).isEqualTo(6);
          assertThat(acquirer.err())
              .filteredOn(line -> line.startsWith("ramtide: 127.0.0.1:" + port))
              .singleElement()
              .asString()
              .contains("did not take the chunks")
              .contains("start the capture again");
        }
        assertThat(scanner.isAlive()).as(scanner.toString()).isTrue();
        assertThat(correlator.isAlive()).as(correlator.toString()).isTrue();

        broker = startBroker();
        cluster.unthrottle("ramtide-acquirer", PRODUCE);
        assertThat(cluster.manifests(domain)).extracting(Manifest::getCapture).containsExactly(1L);
        assertThat(acquire(incident.names())).isZero();
        incident.assertToldBy(Timeline.await(cluster, domain, 3));
        assertThat(scanner.isAlive()).as(scanner.toString()).isTrue();
        assertThat(correlator.isAlive()).as(correlator.toString()).isTrue();
      }
    } finally {
      broker.close();
    }
  }

  private Running startBroker() throws Exception {
    return Running.java(
            BrokerMain.class.getName(),
            folder.resolve("kafka").toString(),
            Integer.toString(port),
            Integer.toString(controllerPort))
        .await("ready");
  }

  private Running acquirer(List<String> files) throws IOException {
    Path config = folder.resolve("patience.properties");
    Files.writeString(
        config,
        """
        batch.size=1
        max.in.flight.requests.per.connection=1
        delivery.timeout.ms=6000
        request.timeout.ms=3000
        """);
    List<String> args = on("acquire", "--domain", domain, "--config", config.toString());
    args.addAll(files);
    return Running.ramtide(args.toArray(String[]::new));
  }

  private int acquire(List<String> files) throws Exception {
    try (Running acquirer = acquirer(files)) {
      return acquirer.exitCode();
    }
  }

  private String[] args(String... command) {
    return on(command).toArray(String[]::new);
  }

  private List<String> on(String... command) {
    List<String> args = new ArrayList<>(List.of(command));
    args.addAll(List.of("--bootstrap-servers", "127.0.0.1:" + port));
    args.addAll(List.of("--data", folder.resolve("data").toString()));
    return args;
  }
}
