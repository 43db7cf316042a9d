package io.ramtide.scanner.signature;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.scanner.memory.TestMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignatureScannerTest {
  private static final List<Signature> SIGNATURES =
      List.of(
          new Signature("a", Signature.Place.START, 0x0058_0003),
          new Signature("b", Signature.Place.START, 3),
          new Signature("c", Signature.Place.TAG, 0x636f_7250),
          new Signature("d", Signature.Place.TAG, 0xe36f_7250),
          new Signature("e", Signature.Place.TAG, 3));

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void randomMemory_givesTheHitsOfANaiveScan(long seed) {
    Random random = new Random(seed);
    TestMemory memory = TestMemory.ofSize(1 << 18);
    int[] values = SIGNATURES.stream().mapToInt(Signature::value).toArray();
    for (int gpa = 0; gpa < 1 << 18; gpa += 4) {
      boolean signature = random.nextInt(16) == 0;
      memory.putInt(gpa, signature ? values[random.nextInt(values.length)] : random.nextInt(9));
    }
    List<String> expected = new ArrayList<>();
    for (int gpa = 0; gpa < 1 << 18; gpa += 16) {
      long slot = memory.readLong(gpa);
      for (Signature signature : SIGNATURES) {
        boolean atStart = signature.place() == Signature.Place.START;
        if ((int) (atStart ? slot : slot >> 32) == signature.value()) {
          expected.add(signature.name() + " " + gpa);
        }
      }
    }

    assertThat(scan(SIGNATURES, memory)).isEqualTo(expected);
  }

  @Test
  void everyFrame_isShownOnceBeforeItsSlots() {
    TestMemory memory = TestMemory.ofSize(3 << 12);
    memory.putInt(0x1000, 3);
    List<String> seen = new ArrayList<>();

    new SignatureScanner(
            SIGNATURES,
            (signature, gpa, block, offset) -> seen.add("hit " + gpa),
            (gpa, block, offset) -> seen.add("frame " + gpa))
        .scan(memory);

    assertThat(seen).containsExactly("frame 0", "frame 4096", "hit 4096", "frame 8192");
  }

  @Test
  void dozensOfSignatures_stillHaveAPerfectHash() {
    Random random = new Random(7);
    List<Signature> many =
        random
            .ints(40)
            .distinct()
            .mapToObj(value -> new Signature("s" + value, Signature.Place.TAG, value))
            .toList();
    TestMemory memory = TestMemory.ofSize(1 << 12);
    for (int i = 0; i < many.size(); i++) {
      memory.putInt(i * 16 + 4, many.get(i).value());
    }

    assertThat(scan(many, memory)).hasSize(40);
  }

  @Test
  void hitsBeyondTheLimit_areCounted() {
    BoundedHits hits = new BoundedHits(100);
    for (long gpa = 0; gpa < 250; gpa++) {
      hits.add(gpa);
    }

    assertThat(hits.gpas()).hasSize(100).endsWith(99);
    assertThat(hits.cut()).isEqualTo(150);
  }

  private static List<String> scan(List<Signature> signatures, TestMemory memory) {
    List<String> hits = new ArrayList<>();
    new SignatureScanner(
            signatures,
            (signature, gpa, block, offset) -> hits.add(signature.name() + " " + gpa),
            (gpa, block, offset) -> {})
        .scan(memory);
    return hits;
  }
}
