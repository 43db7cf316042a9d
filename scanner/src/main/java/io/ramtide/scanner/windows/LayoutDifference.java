package io.ramtide.scanner.windows;

import io.ramtide.scanner.symbols.Layout;
import io.ramtide.scanner.symbols.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** In what two layouts differ. */
final class LayoutDifference {
  private static final int NAMED = 8;

  private LayoutDifference() {}

  /** For people; names some and counts the rest. */
  static String text(Layout one, Layout other) {
    List<String> names = names(one, other);
    String text = String.join(", ", names.subList(0, Math.min(NAMED, names.size())));
    return names.size() > NAMED ? text + " and %d more".formatted(names.size() - NAMED) : text;
  }

  private static List<String> names(Layout one, Layout other) {
    List<String> names = new ArrayList<>();
    Set<String> types = new TreeSet<>(one.types().keySet());
    types.addAll(other.types().keySet());
    for (String name : types) {
      if (one.has(name) && other.has(name)) {
        fields(names, one.type(name), other.type(name));
      } else {
        names.add(name);
      }
    }
    return names;
  }

  private static void fields(List<String> names, StructType one, StructType other) {
    Set<String> fields = new TreeSet<>(one.fields().keySet());
    fields.addAll(other.fields().keySet());
    for (String field : fields) {
      boolean same =
          one.has(field) && other.has(field) && one.field(field).equals(other.field(field));
      if (!same) {
        names.add(one.name() + "." + field);
      }
    }
    if (one.size() != other.size()) {
      names.add("the size of " + one.name());
    }
  }
}
