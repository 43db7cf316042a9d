package io.ramtide.scanner.windows.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Hives that want to cost much, or that lie. */
class HostileKeysTest {
  private final TinyHive hive = new TinyHive();

  @Test
  void treeOfAHundredThousandLevels_endsWhereWindowsDoes() {
    int key = hive.root;
    for (int i = 0; i < 100_000; i++) {
      key = hive.key(key, "k");
    }

    Told told = Told.all(hive);

    assertThat(told.keys()).hasSize(513);
    assertThat(told.key(told.keys().get(512)).getSubkeysStatus())
        .isEqualTo("1 of 1 missing: deeper than 512 levels");
  }

  @Test
  void key_thatIsBelowItself_isToldOnce() {
    int a = hive.key(hive.root, "a");
    hive.put(a, 0x14, 4, 1);
    hive.put(a, 0x1c, 4, hive.get(hive.root, 0x1c));

    Told told = Told.all(hive);

    assertThat(told.keys()).containsExactly("", "a");
    assertThat(told.key("a").getSubkeysStatus()).isEqualTo("1 of 1 missing: listed twice");
  }

  @Test
  void key_thatIsListedTwice_isNotKept_soThatEachCaptureTellsAll() {
    int a = hive.key(hive.root, "a");
    hive.put(a, 0x14, 4, 1);
    hive.put(a, 0x1c, 4, hive.get(hive.root, 0x1c));
    Told told = new Told(hive);
    told.next();

    assertThat(told.next()).isEqualTo(-1);
  }

  @Test
  void listOfLists_thatHasItself_ends() {
    hive.key(hive.root, "a");
    int index = hive.alloc(4 + 4 * 100, false);
    hive.put(index, 0, "ri".getBytes(StandardCharsets.US_ASCII));
    hive.put(index, 2, 2, 100);
    for (int i = 0; i < 100; i++) {
      hive.put(index, 4 + 4 * i, 4, index);
    }
    hive.put(hive.root, 0x1c, 4, index);

    assertThat(Told.all(hive).key("").getSubkeysStatus())
        .isEqualTo("1 of 1 missing: not a list of subkeys");
  }

  @Test
  void manyLists_thatShareOneLargeList_areBounded() {
    int list = hive.alloc(4 + 4 * 60_000, false);
    hive.put(list, 0, "li".getBytes(StandardCharsets.US_ASCII));
    hive.put(list, 2, 2, 60_000);
    int index = hive.alloc(4 + 4 * 60_000, false);
    hive.put(index, 0, "ri".getBytes(StandardCharsets.US_ASCII));
    hive.put(index, 2, 2, 60_000);
    for (int i = 0; i < 60_000; i++) {
      hive.put(index, 4 + 4 * i, 4, list);
    }
    for (int i = 0; i < 1000; i++) {
      int key = hive.key(hive.root, "k" + i);
      hive.put(key, 0x14, 4, 0xffff_ffffL);
      hive.put(key, 0x1c, 4, index);
    }

    Told told = Told.all(hive);

    assertThat(told.keys()).hasSize(1001);
    assertThat(told.key("k0").getSubkeysStatus()).startsWith("4294967295 of 4294967295 missing: ");
    assertThat(told.partly).hasSize(1000);
  }

  @Test
  void manyKeys_belowALongPath_areBounded() {
    int key = hive.root;
    for (int i = 0; i < 500; i++) {
      key = hive.key(key, "x".repeat(250));
    }
    int[] keys = new int[5000];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = hive.key(key, "%04x".formatted(i));
    }

    Told told = Told.all(hive);

    assertThat(told.keys().stream().mapToLong(String::length).sum())
        .isLessThan(5L * hive.blocks(0) * 4096);
    assertThat(told.partly).contains("left out: too many long paths");
  }

  /** Whatever is in its cells, a hive ends in findings and reasons. */
  @Property(tries = 300)
  void hiveOfRandomBytes_endsInFindings(@ForAll long seed) {
    Random random = new Random(seed);
    TinyHive broken = new TinyHive();
    int key = broken.root;
    for (int i = 0; i < 60; i++) {
      key = broken.key(random.nextBoolean() ? key : broken.root, "key" + i);
      int value = broken.value(key, "v", 3, new byte[random.nextInt(300)]);
      if (random.nextInt(9) == 0) {
        broken.bigData(value, new byte[16344], new byte[random.nextInt(5000) + 1]);
      }
    }
    Told told = new Told(broken);
    told.next();
    for (int i = 0; i < 40; i++) {
      int at = random.nextInt(broken.blocks(0) * 512 - 8) * 8;
      broken.put(at, random.nextInt(4), 1 + random.nextInt(4), random.nextInt());
    }

    told.next();

    assertThat(Told.all(broken).keys()).doesNotHaveDuplicates().hasSizeLessThan(1000);
  }
}
