package io.ramtide.scanner.windows.registry.cell;

import io.ramtide.scanner.windows.guest.GuestText;
import io.ramtide.scanner.windows.hive.Cell;
import io.ramtide.scanner.windows.registry.cell.Budget.Reading;
import io.ramtide.schemas.RegistryValue;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The values of a key. */
final class Values {
  private static final Cell.Missing NO_VALUE = new Cell.Missing("not a value");
  private static final int FEW = 16;
  private static final long UNSIGNED = 0xffff_ffffL;

  private final CellReader reader;
  private final CellTypes types;
  private final Budget budget;
  private final ValueData data;
  private String dataWhy;

  Values(CellReader reader, CellTypes types, Budget budget, int minor) {
    this.reader = reader;
    this.types = types;
    this.budget = budget;
    this.data = new ValueData(reader, types, budget, minor);
  }

  /** Why the data of one of the key read last could not be read whole; null: all could. */
  String dataWhy() {
    return dataWhy;
  }

  List<RegistryValue> of(KeyNode node, Gaps gaps) {
    dataWhy = null;
    long count = node.values();
    if (count == 0) {
      return List.of();
    }
    budget.nextKey();
    Cell read = reader.read(Reading.LISTS, node.valueList(), 1);
    if (!(read instanceof Cell.Present list)) {
      gaps.unreadable(((Cell.Missing) read).why(), count);
      return List.of();
    }
    int room = (int) Math.min(count, list.bytes().limit() / Integer.BYTES);
    if (room < count) {
      gaps.add("its list ends", count - room);
    }
    int given = budget.entries(room);
    if (given < room) {
      gaps.add(Budget.TOO_MANY.why(), room - given);
    }
    List<RegistryValue> values = new ArrayList<>(Math.min(given, FEW));
    for (int i = 0; i < given; i++) {
      value(list.bytes().getInt(Integer.BYTES * i), values, gaps);
    }
    if (hasTwins(values)) {
      gaps.remark("values of one name");
    }
    return values;
  }

  private void value(int cell, List<RegistryValue> values, Gaps gaps) {
    Cell read = reader.read(Reading.HEADS, cell, types.valueName);
    if (!(read instanceof Cell.Present found)) {
      gaps.unreadable(((Cell.Missing) read).why(), 1);
      return;
    }
    ByteBuffer bytes = found.bytes();
    if (bytes.getShort(0) != CellFacts.ALL.value) {
      gaps.add(NO_VALUE.why(), 1);
      return;
    }
    boolean isOneByte = (bytes.getShort(types.valueFlags) & CellFacts.ALL.oneByteValueName) != 0;
    int nameLength = CellReader.u16(bytes, types.valueNameLength);
    String name = reader.name(bytes, types.valueName, nameLength, isOneByte);
    if (types.valueName + nameLength > bytes.limit()) {
      gaps.remark("a name is cut: its cell ends");
    }
    data.read(bytes);
    dataWhy = dataWhy == null ? data.status() : dataWhy;
    values.add(
        new RegistryValue(
            name,
            CellFacts.ALL.type(bytes.getInt(types.type)),
            data.length(bytes),
            data.data() == null ? null : ByteBuffer.wrap(data.data()),
            data.status(),
            null,
            cell & UNSIGNED,
            found.gpa()));
  }

  /** Windows takes the first of them. */
  private static boolean hasTwins(List<RegistryValue> values) {
    if (values.size() > FEW) {
      Set<String> names = new HashSet<>();
      return !values.stream().allMatch(value -> names.add(value.getName()));
    }
    for (int i = 1; i < values.size(); i++) {
      for (int j = 0; j < i; j++) {
        if (values.get(i).getName().equals(values.get(j).getName())) {
          return true;
        }
      }
    }
    return false;
  }

  /** Where a symbolic link leads, by the values of its key; null if that could not be read. */
  static String linkTarget(List<RegistryValue> values) {
    for (RegistryValue value : values) {
      if (value.getName().equals(CellFacts.ALL.linkValue) && value.getData() != null) {
        byte[] text = value.getData().array();
        return GuestText.decode(text, 0, text.length & ~1);
      }
    }
    return null;
  }
}
