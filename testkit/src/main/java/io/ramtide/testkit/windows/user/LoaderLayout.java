package io.ramtide.testkit.windows.user;

import io.ramtide.testkit.windows.JsonFacts;
import io.ramtide.testkit.windows.KernelFacts;
import java.util.function.BiFunction;

/**
 * Where the fields of a loader's structures are: the native ones from the kernel's symbols, those
 * of 32-bit programs from {@code wow64.json}.
 *
 * @param pointer bytes in a pointer: 8 or 4
 * @param dataVa VA the structures are put at
 * @param offsets type and field to offset; the field "size" is the type's size
 */
record LoaderLayout(int pointer, long dataVa, BiFunction<String, String, Integer> offsets) {

  private static final long NATIVE = 0x250000L;
  private static final long WOW64 = 0x270000L;

  static LoaderLayout native64(KernelFacts facts) {
    return new LoaderLayout(
        8,
        NATIVE,
        (type, field) -> field.equals("size") ? facts.size(type) : facts.offset(type, field));
  }

  static LoaderLayout wow64() {
    JsonFacts data = JsonFacts.load("wow64.json");
    return new LoaderLayout(
        4, WOW64, (type, field) -> (int) data.number("/types/" + type + "/" + field));
  }

  int at(String type, String field) {
    return offsets.apply(type, field);
  }
}
