package io.ramtide.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CorruptionTest {

  private static final int LINKS = 0x188;

  private final SimulatedGuest guest = SimulatedGuest.windows7(1).boot();
  private int middle;

  @BeforeEach
  void findMiddle() {
    middle = guest.truth().active().size() / 2;
  }

  @Test
  void activeListLoop_middle_pointsAtItself() {
    guest.corrupt(Corruption.activeListLoop());

    assertThat(middleFlink()).isEqualTo(middleObject() + LINKS);
  }

  @Test
  void activeListIntoUserSpace_middle_pointsBelowTheKernel() {
    guest.corrupt(Corruption.activeListIntoUserSpace());

    assertThat(middleFlink()).isPositive();
  }

  @Test
  void activeListToUnmappedPage_middle_pointsWhereNothingIs() {
    guest.corrupt(Corruption.activeListToUnmappedPage());

    assertThat(middleFlink()).isNegative();
    assertThat(walker().translate(middleFlink())).isEqualTo(-1);
  }

  @Test
  void garbageDirectoryTableBase_process_liesOutsideRam() {
    guest.corrupt(Corruption.garbageDirectoryTableBase(4));

    long root = walker().u64(guest.truth().process(4).objectVa() + 0x28);
    assertThat(root).isGreaterThan(guest.snapshot().size());
  }

  @Test
  void unknownBuild_identity_isTheTruthAndInMemory() {
    guest.corrupt(Corruption.unknownBuild(54321));

    GroundTruth truth = guest.truth();
    assertThat(truth.build()).isEqualTo(54321);
    assertThat(truth.pdbGuid()).isEqualTo("5EED5EED5EED5EED5EED5EED5EED5EED");
    assertThat(walker().text(truth.kernelBaseVa() + 0xa150, 5)).isEqualTo("54321");
    assertThat(walker().u64(truth.kernelBaseVa() + 0x9000 + 32)).isEqualTo(0x5EED5EED5EED5EEDL);
  }

  @Test
  void kernelHeaderMissing_page_readsAsZero() {
    guest.corrupt(Corruption.kernelHeaderMissing());

    assertThat(walker().bytes(guest.truth().kernelBaseVa(), 4096)).containsOnly(0);
  }

  @Test
  void imageName_controlCharacters_areTheTruth() {
    String name = "\u001b[31mx\r\n\u0007\u00ff";
    guest.corrupt(Corruption.imageName(4, name.getBytes(StandardCharsets.ISO_8859_1)));

    ProcessTruth process = guest.truth().process(4);
    assertThat(process.imageName()).isEqualTo(name);
    assertThat(walker().text(process.objectVa() + 0x2e0, 15)).isEqualTo(name);
  }

  @Test
  void smearedObject_process_losesItsName() {
    ProcessTruth process = guest.truth().active().get(middle);
    guest.corrupt(Corruption.smearedObject(process.pid()));

    assertThat(walker().text(process.objectVa() + 0x2e0, 15)).isNotEqualTo(process.imageName());
  }

  private NaiveWalker walker() {
    return new NaiveWalker(guest.snapshot(), guest.truth().directoryTableBase());
  }

  private long middleObject() {
    return guest.truth().active().get(middle).objectVa();
  }

  private long middleFlink() {
    return walker().u64(middleObject() + LINKS);
  }
}
