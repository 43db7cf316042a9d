package io.ramtide.scanner.windows.registry;

import io.ramtide.scanner.windows.registry.cell.Gaps;
import io.ramtide.scanner.windows.registry.cell.KeyNode;
import io.ramtide.scanner.windows.registry.cell.KeyReader;
import io.ramtide.schemas.RegistryKeyFinding;
import io.ramtide.schemas.RegistryValue;
import java.nio.ByteOrder;
import java.util.Optional;

/** Which control set is the current one: the value Current of SYSTEM\Select. */
final class ControlSet {
  static final String HIVE = "\\REGISTRY\\MACHINE\\SYSTEM";

  private static final String KEY = "Select";
  private static final String VALUE = "Current";
  private static final int MOST = 999;

  private ControlSet() {}

  /** Its name, ControlSet001 or so; empty if it could not be read. */
  static Optional<String> current(HiveKeys system, KeyReader reader) {
    KeyNode root = reader.key(system.rootCell());
    if (root == null) {
      return Optional.empty();
    }
    for (int cell : reader.subkeys(root, new Gaps())) {
      KeyNode node = reader.peek(cell);
      if (node != null && node.name().equalsIgnoreCase(KEY)) {
        return current(reader.tell(node, system.path(), system.va(), KEY, null, null, false));
      }
    }
    return Optional.empty();
  }

  private static Optional<String> current(KeyReader.Told select) {
    RegistryKeyFinding finding = select.finding();
    for (RegistryValue value : finding.getValueList()) {
      boolean isNumber = value.getData() != null && value.getData().limit() == Integer.BYTES;
      if (isNumber && value.getName().equalsIgnoreCase(VALUE)) {
        int number = value.getData().duplicate().order(ByteOrder.LITTLE_ENDIAN).getInt(0);
        return number >= 0 && number <= MOST
            ? Optional.of("ControlSet%03d".formatted(number))
            : Optional.empty();
      }
    }
    return Optional.empty();
  }
}
