package io.ramtide.scanner.windows.user;

import io.ramtide.scanner.paging.AddressSpace;
import io.ramtide.scanner.paging.AddressSpace.ReadResult;
import io.ramtide.scanner.windows.guest.GuestText;
import io.ramtide.schemas.EnvironmentVariable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;

/**
 * An environment block: NAME=value texts in UTF-16, each with a NUL behind, and an empty one at the
 * end. A name may begin with "=", as the current directories of drives do.
 *
 * @param va of the block; null if it is not known
 * @param status why it is missing or cut; null if it was read whole
 */
record Environment(Long va, List<EnvironmentVariable> variables, String status) {
  /** Bytes of a block that are read; Windows itself knows no limit. */
  static final int MAX_BYTES = 1 << 18;

  private static final int STEP = 1 << 14;

  private static Environment missing(Long va, String why) {
    return new Environment(va, List.of(), why);
  }

  static Environment of(Parameters parameters) {
    if (parameters.missing() != null) {
      return missing(null, parameters.missing());
    }
    OptionalLong va = parameters.environment();
    if (va.isEmpty()) {
      return missing(null, parameters.gap("Environment").status());
    }
    Peb peb = parameters.peb();
    if (va.getAsLong() == 0) {
      return missing(null, Parameters.NOT_SET);
    }
    if (!peb.layout().isUserAddress(peb.space(), va.getAsLong())) {
      return missing(va.getAsLong(), "outside user space");
    }
    long size = parameters.environmentSize();
    return read(peb.space(), va.getAsLong(), size);
  }

  /**
   * @param size as the parameters say; 0: until the block ends itself
   */
  private static Environment read(AddressSpace space, long va, long size) {
    int limit = size <= 0 || size > MAX_BYTES ? MAX_BYTES : (int) size & ~1;
    byte[] bytes = new byte[0];
    List<EnvironmentVariable> variables = new ArrayList<>();
    int done = 0;
    while (bytes.length < limit) {
      int known = bytes.length;
      bytes = Arrays.copyOf(bytes, Math.min(limit, known + STEP));
      ReadResult read = space.read(va + known, bytes, known, bytes.length - known);
      int end = known + read.bytes() & ~1;
      int next = take(bytes, done, end, variables);
      if (next < 0) {
        return new Environment(va, variables, null);
      }
      done = next;
      if (!read.isComplete()) {
        String why = read.gap().orElseThrow().status();
        return done == 0 && end == 0
            ? missing(va, why)
            : new Environment(va, variables, "cut: " + why);
      }
    }
    boolean isWhole = done == limit && limit == size;
    return new Environment(va, variables, isWhole ? null : "cut after %d bytes".formatted(limit));
  }

  /**
   * Takes the texts that end before {@code end}.
   *
   * @return where the next one begins; -1 after the empty one at the end
   */
  private static int take(byte[] bytes, int from, int end, List<EnvironmentVariable> variables) {
    int start = from;
    for (int at = from; at < end; at += 2) {
      if (bytes[at] == 0 && bytes[at + 1] == 0) {
        if (at == start) {
          return -1;
        }
        variables.add(variable(GuestText.decode(bytes, start, at - start)));
        start = at + 2;
      }
    }
    return start;
  }

  private static EnvironmentVariable variable(String text) {
    int equals = text.indexOf('=', 1);
    return equals < 0
        ? new EnvironmentVariable(text, "")
        : new EnvironmentVariable(text.substring(0, equals), text.substring(equals + 1));
  }
}
