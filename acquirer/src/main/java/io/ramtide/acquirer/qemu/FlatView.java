package io.ramtide.acquirer.qemu;

import io.ramtide.acquirer.source.MemoryRange;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text of {@code info mtree -f}: what the guest's processors see at this moment. A view is a
 * line "FlatView #N", a line ' AS "NAME", root: ROOT' for each address space that it is of, and
 * lines of its regions up to an empty one:
 *
 * <pre>
 *   START-END (prio N, TYPE): NAME @OFFSET KVM
 * </pre>
 *
 * The offset in the region is left out if it is zero; the accelerator stands there, once an address
 * space, if it maps the region. The form is that of mtree_print_flatview in QEMU's memory.c, from
 * version 5.2 to 10.
 */
final class FlatView {
  private static final String MEMORY = " AS \"memory\",";
  private static final Pattern LINE =
      Pattern.compile(
          " +([0-9a-f]{1,16})-([0-9a-f]{1,16}) \\(prio -?\\d{1,10}, ([^)]{1,16})\\): (.*)");
  private static final Pattern OFFSET = Pattern.compile(" @([0-9a-f]{1,16})(?: .*)?");

  private FlatView() {}

  /** The parts of a layout's RAM that can be seen at their addresses, in no particular order. */
  static List<MemoryRange> visible(String text, GuestLayout layout) throws MonitorException {
    List<MemoryRange> visible = new ArrayList<>();
    boolean found = false;
    boolean here = false;
    for (String line : MonitorText.lines("info mtree -f", text)) {
      if (line.startsWith("FlatView ")) {
        here = false;
      } else if (line.startsWith(MEMORY)) {
        here = true;
        found = true;
      } else if (here) {
        Matcher matcher = LINE.matcher(line);
        // "rom" is RAM that the chipset protects from writing if it belongs to a block of RAM.
        if (matcher.matches() && matcher.group(3).matches("ram|rom")) {
          addVisible(matcher, layout, visible);
        }
      }
    }
    if (!found) {
      throw MonitorText.bad("info mtree -f", "it has no view of the memory", text);
    }
    return visible;
  }

  private static void addVisible(Matcher line, GuestLayout layout, List<MemoryRange> visible) {
    long start = Long.parseUnsignedLong(line.group(1), 16);
    long end = Long.parseUnsignedLong(line.group(2), 16);
    if (start < 0 || end < start || end >= RamWiring.MAX_GPA) {
      return;
    }
    for (RamRegion region : layout.regions()) {
      MemoryRange range = region.range();
      long from = Math.max(start, range.gpa());
      long to = Math.min(end + 1, range.end());
      if (from < to && shows(line.group(4), start, region)) {
        visible.add(new MemoryRange(from, to - from));
      }
    }
  }

  /** Whether a line that begins at an address shows the region's block, at the right place. */
  private static boolean shows(String name, long start, RamRegion region) {
    if (!name.startsWith(region.block())) {
      return false;
    }
    String rest = name.substring(region.block().length());
    Matcher offset = OFFSET.matcher(rest);
    boolean known = offset.matches();
    if (!known && !rest.isEmpty() && !rest.startsWith(" ")) {
      return false;
    }
    long at = known ? Long.parseUnsignedLong(offset.group(1), 16) : 0;
    return start - at == region.range().gpa() - region.blockOffset();
  }
}
