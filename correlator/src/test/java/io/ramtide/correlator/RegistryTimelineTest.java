package io.ramtide.correlator;

import static io.ramtide.correlator.RegistryHarness.coverage;
import static io.ramtide.correlator.Samples.noon;
import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.correlator.intake.Limits;
import io.ramtide.schemas.CaptureEvent;
import io.ramtide.schemas.CoverageStatus;
import io.ramtide.schemas.RegistryEvent;
import io.ramtide.schemas.Topics;
import io.ramtide.schemas.View;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One sentence of the README's table each. */
class RegistryTimelineTest {
  private static final byte[] ONE = {1};
  private static final byte[] TWO = {2};

  @TempDir private Path state;
  private Harness harness;
  private RegistryHarness registry;
  private SampleHive hive;

  @BeforeEach
  void open() {
    harness = new Harness(state);
    registry = new RegistryHarness(harness);
    hive = SampleHive.software();
    hive.key("Run", -500);
    hive.value("Run", "Updater", "REG_BINARY", ONE, -500);
    hive.key("Run\\Below", -500);
    hive.key("Run space", -500);
    hive.key("Other", -500);
  }

  @AfterEach
  void close() {
    assertThat(harness.rejected()).isEmpty();
    harness.close();
  }

  private RegistryEvent event(int index) {
    return harness.registryEvents().get(index);
  }

  private CaptureEvent lastCapture() {
    return harness.captures().get(harness.captures().size() - 1);
  }

  @Test
  void firstSight_isABaseline() {
    registry.whole(1, 0, hive);
    assertThat(registry.events(1)).isEmpty();
    assertThat(lastCapture().getHives()).isEqualTo(1);
    assertThat(lastCapture().getKeys()).isEqualTo(5);
    assertThat(lastCapture().getRegistryEvents()).isZero();
  }

  @Test
  void keysThatComeWholeAgain_areNoChange() {
    registry.whole(1, 0, hive);
    hive.key("Run", -500).setCellGpa(0x7777L); // Its page moved.
    registry.whole(2, 60, hive);
    assertThat(registry.events(2)).isEmpty();
    assertThat(lastCapture().getKeys()).isEqualTo(5);
  }

  @Test
  void newKey_isCreatedWithItsValues_datedByItsLastWriteTime() {
    registry.whole(1, 0, hive);
    hive.value("Run\\New", "a", "REG_BINARY", ONE, 30).key("Run", 30);
    registry.whole(2, 60, hive);

    assertThat(registry.events(2))
        .containsExactly("keyCreated Run\\New", "valueSet Run\\New [a] new -> 01");
    assertThat(event(0).getTime()).isEqualTo(noon(30));
    assertThat(event(0).getLastWriteTime()).isEqualTo(noon(30));
    assertThat(event(0).getNotBefore()).isEqualTo(noon(0));
    assertThat(event(0).getNotAfter()).isEqualTo(noon(60));
    assertThat(event(0).getHive()).isEqualTo("\\REGISTRY\\MACHINE\\SOFTWARE");
    assertThat(event(0).getFileName()).endsWith("SOFTWARE");
    assertThat(event(0).getEvidence().getObjectGpa()).isEqualTo(0x5000_0007L);
    assertThat(event(1).getTime()).isEqualTo(noon(30));
    assertThat(event(1).getOldData()).isNull();
    assertThat(lastCapture().getRegistryEvents()).isEqualTo(2);
    assertThat(lastCapture().getKeys()).isEqualTo(6);
  }

  @Test
  void deletedTree_isToldKeyByKey() {
    registry.whole(1, 0, hive);
    hive.delete("Run", 30);
    registry.whole(2, 60, hive);

    assertThat(registry.events(2)).containsExactly("keyDeleted Run", "keyDeleted Run\\Below");
    assertThat(event(0).getTime()).isNull();
    assertThat(event(0).getNotBefore()).isEqualTo(noon(0));
    assertThat(event(0).getEvidence().getCapture()).isEqualTo(1);
    registry.whole(3, 120, hive);
    assertThat(registry.events(3)).isEmpty();
  }

  @Test
  void valuesThatCome_change_andGo_areTold() {
    hive.value("Run", "Gone", "REG_BINARY", ONE, -500);
    registry.whole(1, 0, hive);
    hive.value("Run", "Updater", "REG_BINARY", TWO, 0)
        .value("Run", "New", "REG_BINARY", TWO, 0)
        .removeValue("Run", "Gone", 40);
    hive.key("Run", 40).setWatched(true);
    registry.whole(2, 60, hive);

    assertThat(registry.events(2))
        .containsExactly(
            "valueDeleted Run [Gone] 01",
            "valueSet Run [New] new -> 02",
            "valueSet Run [Updater] 01 -> 02");
    assertThat(harness.registryEvents())
        .allSatisfy(event -> assertThat(event.getTime()).isEqualTo(noon(40)))
        .allSatisfy(event -> assertThat(event.getWatched()).isTrue());
    assertThat(event(2).getOldValueType()).isEqualTo("REG_BINARY");
  }

  @Test
  void changedType_isAChange() {
    registry.whole(1, 0, hive);
    hive.value("Run", "Updater", "REG_DWORD", ONE, 40);
    registry.whole(2, 60, hive);
    assertThat(registry.events(2)).containsExactly("valueSet Run [Updater] 01 -> 01");
    assertThat(event(0).getValueType()).isEqualTo("REG_DWORD");
    assertThat(event(0).getOldValueType()).isEqualTo("REG_BINARY");
  }

  @Test
  void changeBehindTheBackOfWindows_isToldWithoutATime() {
    registry.whole(1, 0, hive);
    hive.value("Run", "Updater", "REG_BINARY", TWO, -500); // LastWriteTime does not move.
    registry.whole(2, 60, hive);
    assertThat(registry.events(2)).containsExactly("valueSet Run [Updater] 01 -> 02");
    assertThat(event(0).getTime()).isNull();
    assertThat(event(0).getNotBefore()).isEqualTo(noon(0));
  }

  @Test
  void implausibleLastWriteTime_isNoDate() {
    registry.whole(1, 0, hive);
    hive.value("Run", "Updater", "REG_BINARY", TWO, -100);
    registry.whole(2, 60, hive);
    hive.value("Run", "Updater", "REG_BINARY", ONE, 500);
    registry.whole(3, 120, hive);
    assertThat(event(0).getTime()).as("before the capture before").isNull();
    assertThat(event(1).getTime()).as("after the capture").isNull();
  }

  @Test
  void lastWriteTimeAlone_isNoEvent() {
    registry.whole(1, 0, hive);
    hive.key("Run", 30);
    registry.whole(2, 60, hive);
    assertThat(registry.events(2)).isEmpty();
  }

  @Test
  void keyUnderSubkeysThatCouldNotBeRead_isNotDeleted_andNotCreatedAgain() {
    registry.whole(1, 0, hive);
    hive.key("Run", -500).setSubkeysStatus("paged out");
    List<SpecificRecord> without = new ArrayList<>(hive.whole());
    without.removeIf(found -> found.toString().contains("Below"));
    registry.changed(2, 60, without);
    assertThat(registry.events(2)).isEmpty();

    hive.key("Run", -500).setSubkeysStatus(null);
    registry.whole(3, 120, hive);
    assertThat(registry.events(3)).isEmpty();

    hive.delete("Run\\Below", 130);
    registry.whole(4, 180, hive);
    assertThat(registry.events(4)).containsExactly("keyDeleted Run\\Below");
  }

  @Test
  void keyDeletedWhileNothingCouldBeRead_isToldWithTheWholeInterval() {
    registry.whole(1, 0, hive);
    hive.delete("Run\\Below", 30);
    hive.key("Run", 30).setSubkeysStatus("paged out");
    registry.whole(2, 60, hive);
    assertThat(registry.events(2)).isEmpty();
    hive.key("Run", 30).setSubkeysStatus(null);
    registry.whole(3, 120, hive);
    assertThat(registry.events(3)).containsExactly("keyDeleted Run\\Below");
    assertThat(event(0).getNotBefore()).isEqualTo(noon(0));
    assertThat(event(0).getEvidence().getCapture()).isEqualTo(1);
  }

  @Test
  void keyFirstReadable_underSubkeysNeverRead_isNotCreated() {
    hive.key("Run", -500).setSubkeysStatus("paged out");
    List<SpecificRecord> without = new ArrayList<>(hive.whole());
    without.removeIf(found -> found.toString().contains("Below"));
    registry.changed(1, 0, without);
    hive.key("Run", -500).setSubkeysStatus(null);
    registry.whole(2, 60, hive);
    assertThat(registry.events(2)).isEmpty();
    hive.key("Run\\New", 70);
    registry.whole(3, 120, hive);
    assertThat(registry.events(3)).containsExactly("keyCreated Run\\New");
  }

  @Test
  void findingsCutOffByTheScanner_deleteNothing_andCreateNothingLater() {
    registry.whole(1, 0, hive);
    List<SpecificRecord> cut = new ArrayList<>(hive.whole());
    cut.removeIf(found -> found.toString().contains("Run"));
    registry.changed(2, 60, cut);
    assertThat(registry.events(2)).as("the root counts subkeys that did not come").isEmpty();
    registry.whole(3, 120, hive);
    assertThat(registry.events(3)).isEmpty();
  }

  @Test
  void baselineThatWasCutOff_createsNothingLater() {
    List<SpecificRecord> cut = new ArrayList<>(hive.whole());
    cut.removeIf(found -> found.toString().contains("Run"));
    registry.changed(1, 0, cut);
    registry.whole(2, 60, hive);
    assertThat(registry.events(2)).isEmpty();
  }

  @Test
  void hiveWhoseRootCouldNotBeRead_losesNothing() {
    registry.whole(1, 0, hive);
    registry.changed(2, 60, List.of(hive.hive.setKeysSince(null).build()));
    assertThat(registry.events(2)).isEmpty();
    assertThat(lastCapture().getKeys()).isEqualTo(5);
    hive.delete("Other", 100);
    registry.whole(3, 120, hive);
    assertThat(registry.events(3)).containsExactly("keyDeleted Other");
    assertThat(event(0).getNotBefore()).as("nobody looked at 60").isEqualTo(noon(0));
  }

  @Test
  void captureThatWasNotAskedForTheRegistry_changesNothing() {
    registry.whole(1, 0, hive);
    registry.capture(
        2,
        60,
        sum ->
            sum.setCoverage(
                List.of(
                    coverage("processes", CoverageStatus.complete, 0),
                    coverage("hives", CoverageStatus.complete, 1))),
        List.of(List.of(hive.hive.setKeysSince(null).build())));
    harness.capture(3, 90);
    assertThat(registry.events(2)).isEmpty();
    assertThat(registry.events(3)).isEmpty();
    hive.delete("Other", 100);
    registry.whole(4, 120, hive);
    assertThat(registry.events(4)).containsExactly("keyDeleted Other");
  }

  @Test
  void scannerThatFailedAtTheRegistry_provesNothing() {
    registry.whole(1, 0, hive);
    List<SpecificRecord> root = hive.whole().subList(0, 2);
    registry.capture(
        2,
        60,
        sum ->
            sum.setCoverage(
                List.of(
                    coverage("hives", CoverageStatus.complete, 1),
                    coverage("registry", CoverageStatus.failed, 1))),
        List.of(root));
    registry.whole(3, 120, hive);
    assertThat(registry.events(2)).isEmpty();
    assertThat(registry.events(3)).isEmpty();
  }

  @Test
  void valuesThatCouldNotBeRead_areNotDeleted_andNotNewLater() {
    hive.value("Run", "Second", "REG_BINARY", ONE, -500);
    registry.whole(1, 0, hive);
    hive.removeValue("Run", "Second", -500).key("Run", -500).setValuesStatus("paged out");
    registry.whole(2, 60, hive);
    hive.value("Run", "Second", "REG_BINARY", ONE, -500)
        .value("Run", "Third", "REG_BINARY", TWO, 70)
        .key("Run", 70)
        .setValuesStatus(null);
    registry.whole(3, 120, hive);
    assertThat(registry.events(2)).isEmpty();
    assertThat(registry.events(3)).containsExactly("valueSet Run [Third] new -> 02");
    assertThat(event(0).getNotBefore()).as("when all values were read last").isEqualTo(noon(0));
  }

  @Test
  void valuesNeverReadWhole_areNotNewLater() {
    hive.key("Run", -500).setValuesStatus("paged out");
    registry.whole(1, 0, hive);
    hive.value("Run", "Second", "REG_BINARY", ONE, 30).key("Run", 30).setValuesStatus(null);
    registry.whole(2, 60, hive);
    assertThat(registry.events(2)).isEmpty();
  }

  @Test
  void dataThatCouldNotBeRead_isNoChange() {
    registry.whole(1, 0, hive);
    var value = hive.key("Run", -500).getValueList();
    var whole = value.get(0);
    value.set(
        0, SampleHive.value("Updater", "REG_BINARY", ONE).setData(null).setDataStatus("x").build());
    registry.whole(2, 60, hive);
    value.set(0, whole);
    registry.whole(3, 120, hive);
    assertThat(registry.events(2)).isEmpty();
    assertThat(registry.events(3)).isEmpty();
    hive.value("Run", "Updater", "REG_BINARY", TWO, 130);
    registry.whole(4, 180, hive);
    assertThat(registry.events(4)).containsExactly("valueSet Run [Updater] 01 -> 02");
  }

  @Test
  void changeBehindTheKeptBegin_ofLongData_isAChange() {
    byte[] data = new byte[10_000];
    hive.value("Run", "Long", "REG_BINARY", data, -500);
    registry.whole(1, 0, hive);
    byte[] other = data.clone();
    other[9_999] = 1;
    hive.value("Run", "Long", "REG_BINARY", other, 30);
    registry.whole(2, 60, hive);
    assertThat(registry.events(2)).hasSize(1);
    assertThat(event(0).getData().remaining()).isEqualTo(4096);
    assertThat(event(0).getLength()).isEqualTo(10_000);
    assertThat(event(0).getOldLength()).isEqualTo(10_000);
  }

  @Test
  void hiveThatCame_isLoaded_andThatWent_isUnloaded_withoutItsKeys() {
    SampleHive user = new SampleHive(0xffff_f8a0_0100_0000L, "\\REGISTRY\\USER\\S-1-5-21-1");
    user.key("Software", -900);
    registry.whole(1, 0, hive);
    registry.whole(2, 60, hive, user);
    registry.whole(3, 120, hive, user);
    registry.whole(4, 180, hive);
    assertThat(registry.events(2)).containsExactly("hiveLoaded \\REGISTRY\\USER\\S-1-5-21-1");
    assertThat(registry.events(3)).isEmpty();
    assertThat(registry.events(4)).containsExactly("hiveUnloaded \\REGISTRY\\USER\\S-1-5-21-1");
    assertThat(event(0).getKey()).isNull();
    assertThat(event(0).getNotBefore()).isEqualTo(noon(0));
    assertThat(event(1).getNotBefore()).isEqualTo(noon(120));
    assertThat(lastCapture().getKeys()).isEqualTo(5);
  }

  @Test
  void otherHiveAtTheSameVa_isAnother() {
    registry.whole(1, 0, hive);
    SampleHive other = new SampleHive(hive.hive.getObjectVa(), "\\REGISTRY\\USER\\S-1-5-21-2");
    other.key("Environment", -900);
    registry.whole(2, 60, other);
    assertThat(registry.events(2))
        .containsExactly(
            "hiveUnloaded \\REGISTRY\\MACHINE\\SOFTWARE",
            "hiveLoaded \\REGISTRY\\USER\\S-1-5-21-2");
    assertThat(lastCapture().getKeys()).isEqualTo(2);
  }

  @Test
  void hiveMissingFromAnIncompleteList_isNotUnloaded() {
    registry.whole(1, 0, hive);
    registry.capture(
        2,
        60,
        sum ->
            sum.setCoverage(
                List.of(
                    coverage("hives", CoverageStatus.incomplete, 0),
                    coverage("registry", CoverageStatus.incomplete, 0))),
        List.of());
    hive.delete("Other", 100);
    registry.whole(3, 120, hive);
    assertThat(registry.events(2)).isEmpty();
    assertThat(registry.events(3)).containsExactly("keyDeleted Other");
    assertThat(event(0).getNotBefore()).isEqualTo(noon(0));
  }

  /** A rootkit takes it off the list; Windows goes on with it. */
  @Test
  void hiveOffTheList_staysLoaded_andItsKeysAreFollowed() {
    registry.whole(1, 0, hive);
    hive.hive.setSeenBy(List.of(View.poolScan));
    hive.delete("Run", 30);
    registry.whole(2, 60, hive);
    hive.hive.setSeenBy(List.of(View.headerScan));
    registry.whole(3, 120, hive);
    hive.hive.setSeenBy(List.of(View.hiveList, View.poolScan));
    registry.whole(4, 180, hive);
    registry.whole(5, 240);
    assertThat(registry.events(2)).containsExactly("keyDeleted Run", "keyDeleted Run\\Below");
    assertThat(registry.events(3)).isEmpty();
    assertThat(registry.events(4)).isEmpty();
    assertThat(registry.events(5)).containsExactly("hiveUnloaded \\REGISTRY\\MACHINE\\SOFTWARE");
  }

  @Test
  void hiveThatIsOnNoList_isLoaded_andUnloadedOnlyByACaptureThatLacksNoPage() {
    SampleHive user = new SampleHive(0xffff_f8a0_0100_0000L, "\\REGISTRY\\USER\\S-1-5-21-1");
    user.hive.setSeenBy(List.of(View.poolScan));
    registry.whole(1, 0, hive);
    registry.whole(2, 60, hive, user);
    registry.capture(3, 120, sum -> sum.setUnreadableFrames(1), List.of(hive.whole()));
    registry.whole(4, 180, hive, user);
    registry.whole(5, 240, hive);
    assertThat(registry.events(2)).containsExactly("hiveLoaded \\REGISTRY\\USER\\S-1-5-21-1");
    assertThat(registry.events(3)).isEmpty();
    assertThat(registry.events(4)).isEmpty();
    assertThat(registry.events(5)).containsExactly("hiveUnloaded \\REGISTRY\\USER\\S-1-5-21-1");
  }

  @Test
  void changes_areTakenInKeyByKey() {
    registry.whole(1, 0, hive);
    hive.value("Run", "Updater", "REG_BINARY", TWO, 30);
    hive.key("Run\\New", 31);
    hive.delete("Other", 32);
    List<SpecificRecord> changed =
        new ArrayList<>(hive.changed(1L, List.of("", "Run", "Run\\New")));
    changed.add(hive.gone("Other"));
    registry.changed(2, 60, changed);
    assertThat(registry.events(2))
        .containsExactly(
            "keyDeleted Other", "valueSet Run [Updater] 01 -> 02", "keyCreated Run\\New");
    assertThat(lastCapture().getKeys()).isEqualTo(5);
    registry.changed(3, 120, hive.changed(2L, List.of()));
    assertThat(registry.events(3)).isEmpty();
    registry.whole(4, 180, hive);
    assertThat(registry.events(4)).as("the scanner was restarted").isEmpty();
    assertThat(lastCapture().getKeys()).isEqualTo(5);
  }

  @Test
  void keyGone_isGoneWithAllBelow() {
    registry.whole(1, 0, hive);
    hive.delete("Run", 30);
    List<SpecificRecord> changed = new ArrayList<>(hive.changed(1L, List.of("")));
    changed.add(hive.gone("Run"));
    registry.changed(2, 60, changed);
    assertThat(registry.events(2)).containsExactly("keyDeleted Run", "keyDeleted Run\\Below");
  }

  @Test
  void keyDeletedAndCreatedAgain_isBoth() {
    registry.whole(1, 0, hive);
    List<SpecificRecord> changed = new ArrayList<>(hive.changed(1L, List.of("Other")));
    changed.add(hive.gone("Other"));
    registry.changed(2, 60, changed);
    assertThat(registry.events(2)).containsExactly("keyDeleted Other", "keyCreated Other");
  }

  @Test
  void changesOfAHiveThatIsNotKnown_areABaseline_thatDoesNotCreateTheRestLater() {
    registry.whole(1, 0);
    hive.value("Run", "Updater", "REG_BINARY", TWO, 30);
    registry.changed(2, 60, hive.changed(1L, List.of("", "Run")));
    assertThat(registry.events(2)).containsExactly("hiveLoaded \\REGISTRY\\MACHINE\\SOFTWARE");
    registry.changed(3, 120, hive.changed(2L, List.of("Run\\Below", "Other")));
    assertThat(registry.events(3)).as("they may have been there").isEmpty();
    registry.whole(4, 180, hive);
    assertThat(registry.events(4)).isEmpty();
    hive.key("Run\\New", 200);
    registry.changed(5, 240, hive.changed(4L, List.of("Run", "Run\\New")));
    assertThat(registry.events(5)).containsExactly("keyCreated Run\\New");
  }

  @Test
  void changesSinceACaptureThatNeverCame_areToldWithTheIntervalThatIsKnown() {
    registry.whole(1, 0, hive);
    hive.key("Created unseen", 70);
    hive.value("Run", "Updater", "REG_BINARY", TWO, 130);
    hive.delete("Other", 131);
    List<SpecificRecord> changed = new ArrayList<>(hive.changed(2L, List.of("", "Run")));
    changed.add(hive.gone("Other"));
    registry.changed(3, 180, changed);
    assertThat(registry.events(3))
        .containsExactly("keyDeleted Other", "valueSet Run [Updater] 01 -> 02");
    assertThat(event(0).getNotBefore()).isEqualTo(noon(0));
    assertThat(lastCapture().getDetail()).contains("a capture that is not known");

    registry.changed(4, 240, hive.changed(3L, List.of("Created unseen")));
    assertThat(registry.events(4)).containsExactly("keyCreated Created unseen");
    assertThat(event(2).getNotBefore()).as("not since capture 3").isEqualTo(noon(0));
    assertThat(lastCapture().getDetail()).isNull();
  }

  @Test
  void guestTimeThatIsNotKnown_datesNothing() {
    registry.capture(1, 0, sum -> sum.setGuestTime(null), List.of(hive.whole()));
    hive.value("Run", "Updater", "REG_BINARY", TWO, 30);
    registry.capture(2, 60, sum -> sum.setGuestTime(null), List.of(hive.whole()));
    assertThat(event(0).getTime()).isNull();
    assertThat(event(0).getNotBefore()).isEqualTo(noon(0));
    assertThat(event(0).getNotAfter()).isEqualTo(noon(61));
  }

  @Test
  void namesWithControlCharacters_areKeysOfTheirOwn_andShownWithout() {
    registry.whole(1, 0, hive);
    hive.value("Run\0", "a\u001b", "REG_BINARY", ONE, 30);
    hive.key("Run\1", 30);
    registry.whole(2, 60, hive);
    assertThat(registry.events(2))
        .containsExactlyInAnyOrder(
            "keyCreated Run\ufffd",
            "valueSet Run\ufffd [a\ufffd] new -> 01",
            "keyCreated Run\ufffd");
    hive.delete("Run\0", 70);
    registry.whole(3, 120, hive);
    assertThat(registry.events(3)).containsExactly("keyDeleted Run\ufffd");
  }

  @Test
  void moreKeysThanAreFollowed_areSaidSo_andNeverCreatedOrDeleted() {
    Limits few = new Limits(9, 9, 9, 4, 1 << 20, 1 << 20);
    try (Harness small = new Harness(state.resolve("few"), few)) {
      RegistryHarness captures = new RegistryHarness(small);
      captures.whole(1, 0, hive);
      captures.whole(2, 60, hive);
      assertThat(captures.events(1)).isEmpty();
      assertThat(captures.events(2)).isEmpty();
      assertThat(small.captures().get(0).getKeys()).isEqualTo(4);
      assertThat(small.captures().get(0).getDetail()).contains("1 registry keys were left out");
    }
  }

  @Test
  void captureEvent_closesEveryTimeline() {
    registry.whole(1, 0, hive);
    for (String topic :
        List.of(Topics.TIMELINE_PROCESS, Topics.TIMELINE_REGISTRY, Topics.TIMELINE_NETWORK)) {
      assertThat(harness.records(topic)).as(topic).hasSize(1);
    }
  }
}
