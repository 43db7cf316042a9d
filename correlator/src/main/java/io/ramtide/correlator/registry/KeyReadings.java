package io.ramtide.correlator.registry;

import io.ramtide.correlator.state.KeyState;
import io.ramtide.correlator.state.ValueState;
import io.ramtide.schemas.MerkleTree;
import io.ramtide.schemas.RegistryKeyFinding;
import io.ramtide.schemas.RegistryValue;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** A key as one capture has it, in the form in which it is compared: bounded, values by name. */
final class KeyReadings {
  /** Of a value's data; of the rest there is a digest. */
  static final int MAX_DATA = 4 << 10;

  /** Of the data of a key's values together; of the rest there are digests. */
  static final int MAX_KEY_DATA = 256 << 10;

  /** Of a key's values but for their data; what is beyond is not followed. */
  static final int MAX_KEY_NAMES = 256 << 10;

  /** Of a value's other parts. */
  private static final int PER_VALUE = 64;

  private KeyReadings() {}

  static KeyState of(RegistryKeyFinding finding) {
    List<RegistryValue> sorted = new ArrayList<>(finding.getValueList());
    sorted.sort(Comparator.comparing(RegistryValue::getName));
    List<ValueState> values = new ArrayList<>(sorted.size());
    boolean whole = finding.getValuesStatus() == null;
    int names = 0;
    int room = MAX_KEY_DATA;
    for (RegistryValue value : sorted) {
      if (!values.isEmpty() && values.get(values.size() - 1).getName().equals(value.getName())) {
        continue; // No key has two of a name; a guest's memory may.
      }
      names += PER_VALUE + size(value.getName()) + size(value.getType());
      if (names > MAX_KEY_NAMES) {
        whole = false;
        break;
      }
      ValueState state = value(value, Math.min(room, MAX_DATA));
      room -= state.getData() == null ? 0 : state.getData().remaining();
      values.add(state);
    }
    return KeyState.newBuilder()
        .setLastWriteTime(finding.getLastWriteTime())
        .setWatched(finding.getWatched())
        .setCellGpa(finding.getCellGpa())
        .setSubkeys(finding.getSubkeys())
        .setSubkeysKnown(finding.getSubkeysStatus() == null)
        .setValuesKnown(whole)
        .setValues(values)
        .build();
  }

  /** Whether values are within the bounds of a key, with some room for those not read last. */
  static boolean fits(Collection<ValueState> values) {
    long names = 0;
    long data = 0;
    for (ValueState value : values) {
      names += PER_VALUE + size(value.getName()) + size(value.getType());
      data += value.getData() == null ? 0 : value.getData().remaining();
    }
    return names <= 2L * MAX_KEY_NAMES && data <= 2L * MAX_KEY_DATA;
  }

  private static int size(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static ValueState value(RegistryValue value, int most) {
    ValueState.Builder state =
        ValueState.newBuilder()
            .setName(value.getName())
            .setType(value.getType())
            .setLength(value.getLength());
    if (value.getData() == null) {
      return state.build();
    }
    byte[] data = bytes(value.getData());
    boolean whole = value.getDataStatus() == null;
    boolean kept = whole && data.length <= most;
    state.setData(ByteBuffer.wrap(data, 0, Math.min(data.length, most)).slice());
    if (!kept && value.getSha256() != null) {
      state.setSha256(value.getSha256());
    } else if (!kept && whole) {
      state.setSha256(ByteBuffer.wrap(MerkleTree.sha256().digest(data)));
    }
    return state.build();
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }
}
