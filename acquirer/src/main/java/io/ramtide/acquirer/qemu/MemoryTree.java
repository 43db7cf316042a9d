package io.ramtide.acquirer.qemu;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text of {@code info mtree}: how the machine is wired, whatever the guest has programmed its
 * chipset to show. A section is one or more lines "address-space: NAME" or a line "memory-region:
 * NAME" and a tree of lines, two spaces a level:
 *
 * <pre>
 *   START-END (prio N, TYPE): NAME
 *   START-END (prio N, TYPE): alias NAME @TARGET FROM-TO
 * </pre>
 *
 * Addresses are hexadecimal, their ends inclusive; an alias shows bytes FROM to TO of the region of
 * the section TARGET. A line may end in " [disabled]". The form is that of mtree_print_mr in QEMU's
 * memory.c, from version 5.2 to 10.
 */
final class MemoryTree {
  private static final Pattern LINE =
      Pattern.compile(
          "( +)([0-9a-f]{1,16})-([0-9a-f]{1,16}) \\(prio (-?\\d{1,10}), ([^)]{1,16})\\): (.*)");
  private static final String ALIAS = "alias ";
  private static final String TARGET = " @";
  private static final Pattern PART = Pattern.compile("([0-9a-f]{1,16})-[0-9a-f]{1,16}");
  private static final String SPACE = "address-space: ";
  private static final String REGION = "memory-region: ";
  private static final String DISABLED = " [disabled]";

  /**
   * A region of the tree.
   *
   * @param end of the last byte, inclusive; like the start, an unsigned number
   */
  record Node(
      int indent,
      long start,
      long end,
      long priority,
      String type,
      String name,
      Optional<Alias> alias,
      boolean enabled,
      List<Node> children) {}

  /** Which bytes of which region an alias shows, from the region's beginning. */
  record Alias(String target, long from) {}

  private final Map<String, List<Node>> spaces = new HashMap<>();
  private final Map<String, List<Node>> regions = new HashMap<>();

  private MemoryTree() {}

  static MemoryTree parse(String text) throws MonitorException {
    MemoryTree tree = new MemoryTree();
    List<List<Node>> section = new ArrayList<>();
    Deque<Node> path = new ArrayDeque<>();
    boolean titles = false;
    for (String line : MonitorText.lines("info mtree", text)) {
      boolean space = line.startsWith(SPACE);
      if (space || line.startsWith(REGION)) {
        if (!titles) {
          section.clear();
          path.clear();
        }
        titles = true;
        String name = line.substring((space ? SPACE : REGION).length());
        List<Node> roots = new ArrayList<>();
        // Regions may have one name; that matters only if one of them is asked for.
        (space ? tree.spaces : tree.regions).merge(name, roots, (first, second) -> List.of());
        section.add(roots);
      } else if (!line.isBlank()) {
        titles = false;
        Node node = node(line);
        while (!path.isEmpty() && path.peek().indent >= node.indent) {
          path.pop();
        }
        if (path.isEmpty()) {
          section.forEach(roots -> roots.add(node));
        } else {
          path.peek().children.add(node);
        }
        path.push(node);
      }
    }
    return tree;
  }

  /** The root of an address space. */
  Node space(String name) throws MonitorException {
    return only(spaces, SPACE, name);
  }

  /** The region that an alias refers to. */
  Node region(String name) throws MonitorException {
    return only(regions, REGION, name);
  }

  private static Node only(Map<String, List<Node>> sections, String kind, String name)
      throws MonitorException {
    List<Node> roots = sections.getOrDefault(name, List.of());
    if (roots.size() != 1) {
      throw MonitorText.bad("info mtree", "no section, or no single one, is named", kind + name);
    }
    return roots.get(0);
  }

  private static Node node(String line) throws MonitorException {
    boolean enabled = !line.endsWith(DISABLED);
    String body = enabled ? line : line.substring(0, line.length() - DISABLED.length());
    Matcher matcher = LINE.matcher(body);
    if (!matcher.matches()) {
      throw MonitorText.bad("info mtree", "a line is not understood", line);
    }
    String name = matcher.group(6);
    return new Node(
        matcher.group(1).length(),
        Long.parseUnsignedLong(matcher.group(2), 16),
        Long.parseUnsignedLong(matcher.group(3), 16),
        Long.parseLong(matcher.group(4)),
        matcher.group(5),
        name,
        alias(name),
        enabled,
        new ArrayList<>());
  }

  private static Optional<Alias> alias(String name) {
    int end = name.lastIndexOf(' ');
    int at = name.lastIndexOf(TARGET, end - TARGET.length() - 1);
    Matcher part = PART.matcher(name.substring(end + 1));
    return name.startsWith(ALIAS) && at >= ALIAS.length() && part.matches()
        ? Optional.of(
            new Alias(
                name.substring(at + TARGET.length(), end),
                Long.parseUnsignedLong(part.group(1), 16)))
        : Optional.empty();
  }
}
