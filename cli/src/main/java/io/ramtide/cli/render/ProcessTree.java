package io.ramtide.cli.render;

import io.ramtide.cli.term.Printable;
import io.ramtide.cli.term.Style;
import io.ramtide.cli.term.Terminal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Processes as a tree of parents and children. */
public final class ProcessTree {
  /** Deeper nesting than this is printed at this depth: parents come from the guest. */
  private static final int MAX_DEPTH = 40;

  private static final Comparator<Node> BY_AGE =
      Comparator.comparing(
              (Node node) -> node.createTime() == null ? Long.MIN_VALUE : node.createTime())
          .thenComparingLong(Node::pid);

  private ProcessTree() {}

  /**
   * A process.
   *
   * @param createTime 100 ns since 1601 UTC, null if not known
   * @param exitTime 100 ns since 1601 UTC, null while it runs
   * @param mark what is wrong with it, or empty
   */
  public record Node(
      long pid, Long parentPid, String name, Long createTime, Long exitTime, String mark) {}

  public static void print(Terminal terminal, List<Node> nodes) {
    Map<Node, List<Node>> children = new HashMap<>();
    List<Node> roots = new ArrayList<>();
    for (Node node : nodes) {
      Node parent = parentOf(node, nodes);
      (parent == null ? roots : children.computeIfAbsent(parent, key -> new ArrayList<>()))
          .add(node);
    }
    roots.sort(BY_AGE);
    Set<Node> printed = new HashSet<>();
    printBelow(terminal, roots, children, printed);
    // Parents in a circle, which only a forged guest has: no root leads to them.
    for (Node node : nodes) {
      printBelow(terminal, List.of(node), children, printed);
    }
  }

  private record Placed(Node node, int depth) {}

  /** Without recursion: how deep the tree is, the guest decides. */
  private static void printBelow(
      Terminal terminal, List<Node> roots, Map<Node, List<Node>> children, Set<Node> printed) {
    Deque<Placed> open = new ArrayDeque<>();
    roots.forEach(root -> open.addLast(new Placed(root, 0)));
    while (!open.isEmpty()) {
      Placed next = open.removeFirst();
      if (!printed.add(next.node())) {
        continue;
      }
      print(terminal, next.node(), next.depth());
      int depth = Math.min(next.depth() + 1, MAX_DEPTH);
      List<Node> below = new ArrayList<>(children.getOrDefault(next.node(), List.of()));
      below.sort(BY_AGE.reversed());
      below.forEach(child -> open.addFirst(new Placed(child, depth)));
    }
  }

  /** The process with the parent's PID, unless it is younger: then the PID was used again. */
  private static Node parentOf(Node node, List<Node> nodes) {
    Node best = null;
    for (Node candidate : nodes) {
      if (node.parentPid() != null
          && candidate.pid() == node.parentPid()
          && candidate.pid() != node.pid()
          && isOlder(candidate, node)
          && (best == null || isOlder(best, candidate))) {
        best = candidate;
      }
    }
    return best;
  }

  private static boolean isOlder(Node a, Node b) {
    return a.createTime() == null || b.createTime() == null || a.createTime() <= b.createTime();
  }

  private static void print(Terminal terminal, Node node, int depth) {
    String name = node.name() == null ? "(name unreadable)" : node.name();
    String line =
        "%-34s %6d  %s .. %s%s"
            .formatted(
                "  ".repeat(depth) + Printable.of(name),
                node.pid(),
                node.createTime() == null ? "(not known)        " : Text.second(node.createTime()),
                node.exitTime() == null ? "running" : Text.second(node.exitTime()),
                node.mark().isEmpty() ? "" : "  << " + Printable.of(node.mark()));
    Style style =
        !node.mark().isEmpty() ? Style.RED : node.exitTime() != null ? Style.DIM : Style.PLAIN;
    terminal.line(terminal.paint(style, line));
  }
}
