package io.ramtide.scanner.windows.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.scanner.windows.guest.KeyGlobs;
import io.ramtide.schemas.RegistryKeyFinding;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeysTest {
  private final TinyHive hive = new TinyHive();

  private RegistryKeyFinding key(String path) {
    return Told.all(hive).key(path);
  }

  @Test
  void keys_areToldFromTheRootDown_withWhatTheirCellsSay() {
    int software = hive.key(hive.root, "Microsoft");
    int run = hive.key(software, "Run");
    hive.put(run, 4, 8, 132_250_757_172_279_720L);

    Told told = Told.all(hive);

    assertThat(told.keys()).containsExactly("", "Microsoft", "Microsoft\\Run");
    RegistryKeyFinding found = told.key("Microsoft\\Run");
    assertThat(found.getLastWriteTime()).isEqualTo(132_250_757_172_279_720L);
    assertThat(found.getHive()).isEqualTo(TinyHive.PATH);
    assertThat(found.getHiveVa()).isEqualTo(TinyHive.VA);
    assertThat(found.getCell()).isEqualTo(run);
    assertThat(found.getCellGpa()).isEqualTo((1L << 32) + run + 4);
    assertThat(found.getOwner()).isEqualTo("S-1-5-18");
    assertThat(found.getVolatile$()).isFalse();
    assertThat(told.key("Microsoft").getSubkeys()).isEqualTo(1);
    assertThat(told.partly).isEmpty();
  }

  @Test
  void volatileKeys_areBelowStableOnes() {
    int top = hive.key(hive.root, "Top");
    hive.key(top, "stays");
    hive.key(hive.key(top, "goes", true), "too", true);

    Told told = Told.all(hive);

    assertThat(told.keys()).containsExactly("", "Top", "Top\\stays", "Top\\goes", "Top\\goes\\too");
    assertThat(told.key("Top").getSubkeys()).isEqualTo(2);
    assertThat(told.key("Top\\goes").getVolatile$()).isTrue();
    assertThat(told.key("Top\\goes").getCell()).isEqualTo(0x8000_0020L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lf", "lh", "li"})
  void list_ofEachKind_isRead(String kind) {
    int[] keys = {hive.key(hive.root, "a"), hive.key(hive.root, "b")};
    list(kind, hive.root, keys);

    assertThat(Told.all(hive).keys()).containsExactly("", "a", "b");
  }

  @Test
  void listOfLists_isRead() {
    int[] keys = new int[4];
    for (int i = 0; i < 4; i++) {
      keys[i] = hive.key(hive.root, "k" + i);
    }
    int first = list("lh", hive.root, keys[0], keys[1]);
    int second = list("li", hive.root, keys[2], keys[3]);
    list("ri", hive.root, first, second);
    hive.put(hive.root, 0x14, 4, 4);

    assertThat(Told.all(hive).keys()).containsExactly("", "k0", "k1", "k2", "k3");
  }

  /** Makes a list the one of a key. */
  private int list(String kind, int key, int... cells) {
    int entry = kind.equals("lf") || kind.equals("lh") ? 8 : 4;
    int list = hive.alloc(4 + entry * cells.length, false);
    hive.put(list, 0, kind.getBytes(StandardCharsets.US_ASCII));
    hive.put(list, 2, 2, cells.length);
    for (int i = 0; i < cells.length; i++) {
      hive.put(list, 4 + entry * i, 4, cells[i]);
    }
    hive.put(key, 0x14, 4, cells.length);
    hive.put(key, 0x1c, 4, list);
    return list;
  }

  @Test
  void className_isRead() {
    int key = hive.key(hive.root, "a");
    int text = hive.alloc(10, false);
    hive.put(text, 0, "class".getBytes(StandardCharsets.UTF_16LE));
    hive.put(key, 0x30, 4, text);
    hive.put(key, 0x4a, 2, 10);

    assertThat(key("a").getClassName()).isEqualTo("class");
    assertThat(key("a").getClassStatus()).isNull();
  }

  @Test
  void owner_thatCannotBeRead_isSaid() {
    int key = hive.key(hive.root, "a");
    hive.put(key, 0x2c, 4, key);

    assertThat(key("a").getOwner()).isNull();
    assertThat(key("a").getOwnerStatus()).isEqualTo("not a security descriptor");
  }

  @Test
  void symbolicLink_saysWhereItLeads() {
    int link = hive.key(hive.root, "CurrentControlSet", true);
    hive.put(link, 2, 2, 0x31);
    hive.value(link, "SymbolicLinkValue", 6, "\\REGISTRY\\X".getBytes(StandardCharsets.UTF_16LE));

    assertThat(key("CurrentControlSet").getLinkTarget()).isEqualTo("\\REGISTRY\\X");
  }

  @Test
  void key_thatStandsForAKnownHive_isToldThereOnly() {
    int exit = hive.key(hive.root, "SYSTEM", true);
    hive.put(exit, 2, 2, 0x23);
    hive.put(exit, 0x24, 8, TinyHive.VA);

    assertThat(Told.all(hive).keys()).containsExactly("");
    assertThat(key("").getSubkeysStatus()).isNull();
  }

  @Test
  void key_thatStandsForAHiveThatWasNotFound_saysSo() {
    int exit = hive.key(hive.root, "hidden", true);
    hive.put(exit, 2, 2, 0x23);
    hive.put(exit, 0x1c, 4, hive.root);
    hive.put(exit, 0x24, 8, 0xffff_9000_0000_1000L);

    assertThat(Told.all(hive).keys()).containsExactly("", "hidden");
    assertThat(key("hidden").getSubkeysStatus())
        .isEqualTo("they are in the hive at 0xffff900000001000, which was not found");
  }

  @Test
  void names_thatWouldMakePathsAmbiguous_areWrittenApart() {
    hive.key(hive.key(hive.root, "a"), "b");
    hive.key(hive.root, "a\\b");
    hive.key(hive.root, "");
    hive.key(hive.root, "A");

    Told told = Told.all(hive);

    assertThat(told.keys()).hasSize(6).doesNotHaveDuplicates().contains("a%5cb", "{empty}");
    assertThat(told.key("a%5cb").getKeyStatus()).contains("has a backslash");
    assertThat(told.key("{empty}").getKeyStatus()).contains("is empty");
    assertThat(told.keys()).filteredOn(key -> key.matches("[aA]\\{[0-9a-f]+\\}")).hasSize(1);
  }

  @Test
  void name_withControlCharacters_isKept_andOneThatIsNoTextIsSaid() {
    hive.key(hive.root, "\u0000Run");
    hive.key(hive.root, "x\udc00\u4e00");

    Told told = Told.all(hive);

    assertThat(told.key("\u0000Run").getKeyStatus()).isNull();
    assertThat(told.key("x\ufffd\u4e00").getKeyStatus()).contains("no text");
  }

  @Test
  void key_belowAnother_thanItSays_isToldWithAStatus() {
    int a = hive.key(hive.root, "a");
    hive.put(a, 0x10, 4, 0x1234);

    assertThat(key("a").getKeyStatus()).isEqualTo("says that it is below cell 0x1234");
  }

  @Test
  void subkeys_thatAreNone_areSaid_andTheOthersRead() {
    hive.key(hive.root, "a");
    int freed = hive.key(hive.root, "b");
    hive.key(hive.root, "c");
    int other = hive.key(hive.root, "d");
    hive.release(freed);
    hive.put(other, 0, 2, 0x6b76);

    Told told = Told.all(hive);

    assertThat(told.keys()).containsExactly("", "a", "c");
    assertThat(told.key("").getSubkeysStatus())
        .isEqualTo("2 of 4 missing: 1x free cell, 1x not a key");
    assertThat(told.partly).containsExactly("free cell");
  }

  @Test
  void list_inAPageThatIsOut_isNotAnEmptyKey() {
    int a = hive.key(hive.root, "a");
    for (int i = 0; i < 600; i++) {
      hive.key(a, "key" + i);
    }
    hive.missing.put(hive.get(a, 0x1c) >>> 12, "paged out");

    RegistryKeyFinding found = key("a");

    assertThat(found.getSubkeys()).isEqualTo(600);
    assertThat(found.getSubkeysStatus()).isEqualTo("600 of 600 missing: paged out");
  }

  @Test
  void root_thatCannotBeRead_givesNoKey_andSaysWhy() {
    hive.missing.put(0, "not captured");

    Told told = Told.all(hive);

    assertThat(told.findings).isEmpty();
    assertThat(told.partly).containsExactly("not captured");
  }

  @Test
  void keysAskedFor_areToldAlone() {
    hive.key(hive.key(hive.root, "a"), "Run");
    hive.key(hive.key(hive.root, "b"), "Run");

    Told told = Told.all(hive, KeyGlobs.of(List.of("HKLM\\SOFTWARE\\a\\**")));

    assertThat(told.keys()).containsExactly("a", "a\\Run");
  }

  @Test
  void watchedKeys_areMarked() {
    hive.key(hive.root, "Run");
    Told told = new Told(hive, KeyGlobs.ALL, KeyGlobs.of(List.of("HKLM\\SOFTWARE\\Run")));
    told.next();

    assertThat(told.key("Run").getWatched()).isTrue();
    assertThat(told.key("").getWatched()).isFalse();
  }
}
