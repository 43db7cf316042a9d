package io.ramtide.scanner.windows.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.scanner.windows.guest.KeyGlobs;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A second capture tells what changed since the first, and nothing else. */
class KeyChangesTest {
  private static final byte[] DATA = new byte[40];

  private final TinyHive hive = new TinyHive();
  private final int a = hive.key(hive.root, "a");
  private final int b = hive.key(hive.root, "b");
  private final int below = hive.key(b, "below");
  private final int value = hive.value(a, "value", 3, DATA);
  private final Told told = new Told(hive);

  @BeforeEach
  void first() {
    assertThat(told.next()).isEqualTo(-1);
    assertThat(told.keys()).containsExactly("", "a", "b", "b\\below");
  }

  private void second() {
    assertThat(told.next()).isEqualTo(1);
  }

  @Test
  void nothing_tellsNothing() {
    second();

    assertThat(told.findings).isEmpty();
  }

  @Test
  void value_tellsItsKey() {
    hive.data(value, new byte[] {1});
    second();

    assertThat(told.keys()).containsExactly("a");
    assertThat(told.gone()).isEmpty();
  }

  @Test
  void newKey_isTold_andItsParentToo() {
    hive.key(below, "new");
    second();

    assertThat(told.keys()).containsExactly("b\\below", "b\\below\\new");
  }

  @Test
  void deletedKey_isGone_withAllBelow() {
    hive.delete(hive.root, b);
    second();

    assertThat(told.gone()).containsExactly("b");
    assertThat(told.keys()).containsExactly("");
    assertThat(told.state.keySet()).containsExactly("", "a");
  }

  @Test
  void key_thatTookTheCellOfADeletedOne_isNew() {
    hive.delete(b, below);
    int other = hive.key(a, "below");
    assertThat(other).isEqualTo(below);
    second();

    assertThat(told.gone()).containsExactly("b\\below");
    assertThat(told.keys()).containsExactlyInAnyOrder("a", "b", "a\\below");
  }

  @Test
  void key_deletedAndMadeAgainElsewhere_isNotGone() {
    hive.delete(b, below);
    hive.key(a, "taker");
    hive.value(hive.key(b, "below"), "v", 3, DATA);
    second();

    assertThat(told.gone()).isEmpty();
    assertThat(told.key("b\\below").getValueList()).hasSize(1);
  }

  @Test
  void page_thatMoved_isRead_andTellsThePlacesOfItsKeys() {
    hive.move(0, 0);
    second();

    assertThat(told.keys()).hasSize(4);
    assertThat(told.key("a").getCellGpa()).isEqualTo((1L << 36) + 4096 + a + 4);
  }

  @Test
  void owner_thatChanges_tellsEveryKeyOfItsDescriptor() {
    hive.put(hive.security, 0x28 + 8, 4, 19);
    second();

    assertThat(told.keys()).containsExactlyInAnyOrder("", "a", "b", "b\\below");
    assertThat(told.key("a").getOwner()).isEqualTo("S-1-5-19");
  }

  @Test
  void page_thatIsOutNow_tellsNothing_andNothingIsGone() {
    hive.missing.put(0, "paged out");
    second();

    assertThat(told.findings).isEmpty();
    assertThat(told.state).hasSize(4);
    assertThat(told.partly).contains("paged out");
  }

  @Test
  void page_thatWasOutForACapture_tellsWhatChangedMeanwhile() {
    hive.missing.put(0, "paged out");
    second();
    hive.missing.clear();
    hive.data(value, new byte[] {1});

    assertThat(told.next()).isEqualTo(2);

    assertThat(told.keys()).containsExactly("a");
    assertThat(told.partly).isEmpty();
  }

  @Test
  void data_thatIsOutNow_isNotToldAgain_butIsWithAChange() {
    int far = hive.value(a, "far", 3, new byte[9000]);
    told.next();
    hive.missing.put((hive.get(far, 8) >>> 12) + 1, "paged out");
    told.next();
    assertThat(told.findings).isEmpty();

    hive.value(a, "other", 3, DATA);
    told.next();

    assertThat(told.keys()).containsExactly("a");
    assertThat(told.value("a", "far").getDataStatus()).isEqualTo("paged out");
  }

  @Test
  void data_thatIsInNow_isTold() {
    int far = hive.value(a, "far", 3, new byte[9000]);
    int block = (hive.get(far, 8) >>> 12) + 1;
    hive.missing.put(block, "paged out");
    told.next();
    assertThat(told.value("a", "far").getData()).isNull();
    hive.missing.remove(block);

    told.next();

    assertThat(told.keys()).containsExactly("a");
    assertThat(told.value("a", "far").getData().limit()).isEqualTo(9000);
  }

  @Test
  void deletedKey_underAListThatIsOut_isNotGone() {
    for (int i = 0; i < 1200; i++) {
      hive.key(a, "key" + i);
    }
    told.next();
    hive.delete(a, hive.subkeys(a).get(5));
    hive.missing.put((hive.get(a, 0x1c) >>> 12) + 1, "paged out");

    told.next();

    assertThat(told.gone()).isEmpty();
    assertThat(told.partly).contains("paged out");
  }

  @Test
  void key_thatGotAnotherNameInPlace_isGone_andNew() {
    hive.put(a, 0x4c, new byte[] {'z'});
    second();

    assertThat(told.gone()).containsExactly("a");
    assertThat(told.state.keySet()).contains("z").doesNotContain("a");
  }

  @Test
  void watchedKeys_areReadWhateverChanged() {
    KeyGlobs watched = KeyGlobs.of(List.of("HKLM\\SOFTWARE\\a"));
    Told watching = new Told(hive, KeyGlobs.ALL, watched);
    watching.next();
    hive.data(value, new byte[] {1});
    hive.takeChanges();

    watching.next();

    assertThat(watching.keys()).containsExactly("a");
  }
}
