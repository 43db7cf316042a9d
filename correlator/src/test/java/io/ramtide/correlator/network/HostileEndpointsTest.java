package io.ramtide.correlator.network;

import static io.ramtide.correlator.network.Sockets.connection;
import static io.ramtide.correlator.network.Sockets.noon;
import static io.ramtide.correlator.network.Sockets.timeWait;
import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.schemas.CoverageStatus;
import io.ramtide.schemas.EndpointFinding;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Many more endpoints than a guest has, made to be taken for each other. */
class HostileEndpointsTest {
  private static final int MANY = 100_000;

  private final Replay replay = new Replay().process(Replay.evil());

  private static List<EndpointFinding> many(IntFunction<EndpointFinding.Builder> endpoint) {
    return IntStream.range(0, MANY).mapToObj(i -> endpoint.apply(i).build()).toList();
  }

  @Test
  void oneFlowInEveryObject_staysEachItsOwn() {
    List<EndpointFinding> all = many(i -> connection(i, 49800, "ESTABLISHED", noon(-1)));
    assertThat(replay.capture(0, all)).hasSize(MANY);
    assertThat(replay.capture(60, all)).isEmpty();
  }

  @Test
  void oneFlow_thatGoesIntoTimeWaitEverywhere_isClaimedOnceEach() {
    replay.capture(0, many(i -> connection(i, 49800, "ESTABLISHED", noon(-1))));
    assertThat(replay.capture(60, many(i -> timeWait(MANY + i, 49800, noon(1)))))
        .hasSize(MANY)
        .allSatisfy(told -> assertThat(told).startsWith("connectionStateChanged"));
  }

  @Test
  void objectsWithoutAddress_areTwinsWhereTheyAreAlike() {
    List<EndpointFinding> all =
        many(
            i ->
                connection(0, 49800, "ESTABLISHED", noon(-1)).setObjectVa(null).setObjectGpa(null));
    assertThat(replay.capture(0, all)).hasSize(1);
  }

  @Test
  void otherEndpointsInEveryIncompleteCapture_areForgotten() {
    replay.coverage(CoverageStatus.incomplete);
    for (int i = 0; i < 3; i++) {
      int capture = i;
      replay.capture(
          60.0 * i, many(slot -> connection(slot, slot % 60_000 + capture, "CLOSE_WAIT", null)));
    }
    assertThat(replay.tracked()).hasSize(MANY + NetworkTimeline.MAX_UNSEEN);
  }
}
