package io.ramtide.correlator.registry;

import io.ramtide.correlator.state.ValueState;
import java.nio.ByteBuffer;
import java.util.Objects;

/** Two readings of a value: whether they differ for sure, and which one knows more. */
final class ValueData {
  private ValueData() {}

  /** Data that could not be read does not differ from anything. */
  static boolean differ(ValueState a, ValueState b) {
    if (!a.getType().equals(b.getType()) || a.getLength() != b.getLength()) {
      return true;
    }
    if (a.getData() == null || b.getData() == null) {
      return false;
    }
    int both = Math.min(a.getData().remaining(), b.getData().remaining());
    if (!head(a, both).equals(head(b, both))) {
      return true;
    }
    return a.getSha256() != null
        && b.getSha256() != null
        && !Objects.equals(a.getSha256(), b.getSha256());
  }

  /** Of two that do not differ; the later one, if it knows as much. */
  static ValueState better(ValueState earlier, ValueState later) {
    if (later.getData() == null) {
      return earlier;
    }
    boolean less =
        !isWhole(later)
            && earlier.getData() != null
            && (isWhole(earlier) || earlier.getData().remaining() > later.getData().remaining());
    return less ? earlier : later;
  }

  private static boolean isWhole(ValueState value) {
    return value.getData() != null
        && (value.getSha256() != null || value.getData().remaining() >= value.getLength());
  }

  private static ByteBuffer head(ValueState value, int bytes) {
    return value.getData().slice(value.getData().position(), bytes);
  }
}
