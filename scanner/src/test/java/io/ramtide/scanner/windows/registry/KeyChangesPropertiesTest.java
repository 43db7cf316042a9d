package io.ramtide.scanner.windows.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.scanner.windows.guest.KeyGlobs;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Random edits: what changed, put on what was known, is what there is. */
class KeyChangesPropertiesTest {
  private static final int EDITS = 12;
  private static final int CAPTURES = 8;

  @Property(tries = 150)
  void changes_onWhatWasKnown_areWhatThereIs(@ForAll long seed) {
    run(seed, KeyGlobs.ALL);
  }

  @Property(tries = 50)
  void changesOfSomeKeys_onWhatWasKnown_areWhatThereIs(@ForAll long seed) {
    run(seed, KeyGlobs.of(List.of("HKLM\\SOFTWARE\\**\\k1*", "HKLM\\SOFTWARE\\k2\\**")));
  }

  private static void run(long seed, KeyGlobs asked) {
    Random random = new Random(seed);
    TinyHive hive = new TinyHive();
    for (int i = 0; i < 150; i++) {
      edit(hive, random, 4);
    }
    Told told = new Told(hive, asked, KeyGlobs.NONE);
    assertThat(told.next()).isEqualTo(-1);
    for (int capture = 2; capture < CAPTURES; capture++) {
      for (int i = random.nextInt(EDITS); i > 0; i--) {
        edit(hive, random, 12);
      }

      long since = told.next();

      assertThat(since).isEqualTo(capture - 1);
      assertThat(told.state).isEqualTo(new TreeMap<>(Told.all(hive, asked).state));
    }
  }

  /** Of every kind; fewer kinds build, more also destroy. */
  private static void edit(TinyHive hive, Random random, int kinds) {
    List<int[]> keys = keys(hive);
    int[] any = keys.get(random.nextInt(keys.size()));
    int key = any[1];
    switch (random.nextInt(kinds)) {
      case 0, 1 -> {
        String name = (random.nextInt(9) == 0 ? "K" : "k") + random.nextInt(40);
        boolean isThere =
            hive.subkeys(key).stream().anyMatch(k -> hive.name(k).equalsIgnoreCase(name));
        if (!isThere) {
          hive.key(key, name, key < 0 || random.nextInt(6) == 0);
        }
      }
      case 2, 3 -> hive.value(key, "v" + hive.get(key, 0x24), 1 + random.nextInt(12), data(random));
      case 4, 5, 6 -> {
        if (key != hive.root) {
          hive.delete(any[0], key);
        }
      }
      case 7 -> {
        if (hive.get(key, 0x24) > 0) {
          hive.deleteValue(key, random.nextInt(hive.get(key, 0x24)));
        }
      }
      case 8, 9 -> {
        if (hive.get(key, 0x24) > 0) {
          // As malware does that writes RAM itself: no LastWriteTime moves.
          hive.data(hive.get(hive.get(key, 0x28), 0), data(random));
        }
      }
      case 10 -> hive.move(0, random.nextInt(hive.blocks(0)));
      default -> {
        hive.put(key, 0x2c, 4, hive.security(random.nextInt(40)));
        hive.written(key);
      }
    }
  }

  private static byte[] data(Random random) {
    byte[] data = new byte[random.nextInt(5) == 0 ? random.nextInt(6000) : random.nextInt(40)];
    random.nextBytes(data);
    return data;
  }

  /** Parent and key of all keys. */
  private static List<int[]> keys(TinyHive hive) {
    List<int[]> keys = new ArrayList<>();
    keys.add(new int[] {TinyHive.NONE, hive.root});
    for (int i = 0; i < keys.size(); i++) {
      int key = keys.get(i)[1];
      hive.subkeys(key).forEach(child -> keys.add(new int[] {key, child}));
    }
    return keys;
  }
}
