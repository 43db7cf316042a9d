package io.ramtide.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

class IncidentScenarioTest {

  private final IncidentScenario scenario = new IncidentScenario(1);
  private final List<IncidentScenario.Step> steps =
      StreamSupport.stream(scenario.spliterator(), false).toList();

  @Test
  void steps_aDozenCaptures_areNumberedAndMoveInTime() {
    assertThat(steps).hasSizeGreaterThanOrEqualTo(12).hasSize(scenario.size());
    assertThat(steps).extracting(IncidentScenario.Step::number).isSorted().startsWith(1);
    assertThat(steps)
        .extracting(step -> step.truth().guestTime())
        .isSorted()
        .doesNotHaveDuplicates();
  }

  @Test
  void everyStep_activeList_isTheTruth() {
    for (IncidentScenario.Step step : steps) {
      GroundTruth truth = step.truth();
      NaiveWalker walker = new NaiveWalker(step.ram(), truth.directoryTableBase());

      assertThat(walker.activeList(truth.kernelBaseVa(), NaiveWalker.Offsets.WINDOWS_7, 0x290))
          .isEqualTo(truth.active());
    }
  }

  @Test
  void implant_afterItHidItself_staysHiddenToTheEnd() {
    List<IncidentScenario.Step> hidden =
        steps.stream()
            .filter(step -> step.truth().processes().stream().anyMatch(ProcessTruth::hidden))
            .toList();

    assertThat(hidden).hasSizeGreaterThan(3).endsWith(steps.get(steps.size() - 1));
    for (IncidentScenario.Step step : hidden) {
      assertThat(step.truth().processes())
          .filteredOn(ProcessTruth::hidden)
          .extracting(ProcessTruth::imageName)
          .containsExactly("updchk.exe");
    }
  }

  @Test
  void steps_afterTheFirst_changeFewFrames() {
    for (int i = 1; i < steps.size(); i++) {
      var before = steps.get(i - 1).ram();
      var ram = steps.get(i).ram();
      assertThat(Arrays.stream(ram.frames()).filter(n -> !ram.sharesFrame(before, n)).count())
          .isBetween(1L, 300L);
    }
  }

  @Test
  void sameSeed_lastStep_sameBytes() {
    var again = StreamSupport.stream(new IncidentScenario(1).spliterator(), false).toList();
    var last = again.get(again.size() - 1);
    var expected = steps.get(steps.size() - 1);

    assertThat(last.truth()).isEqualTo(expected.truth());
    for (long number : expected.ram().frames()) {
      assertThat(last.ram().frame(number)).isEqualTo(expected.ram().frame(number));
    }
  }
}
