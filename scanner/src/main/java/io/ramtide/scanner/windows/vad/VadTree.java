package io.ramtide.scanner.windows.vad;

import io.ramtide.scanner.windows.guest.Struct;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Walks a VAD tree, however broken it is: no node twice, no deeper than a balanced tree can be, no
 * more nodes than are allowed.
 */
final class VadTree {
  /** Nodes of one process; a large database server has some 10^4. */
  static final int MAX_NODES = 1 << 17;

  /** An AVL tree of 2^40 nodes is less than 58 deep. */
  static final int MAX_DEPTH = 64;

  private static final int MAX_TROUBLES = 8;

  private final VadReader reader;
  private final List<Vad> vads = new ArrayList<>();
  private final Set<String> cuts = new LinkedHashSet<>();
  private final Set<String> troubles = new LinkedHashSet<>();
  private final Set<Long> seen = new HashSet<>();
  private final Deque<Step> steps = new ArrayDeque<>();

  /** A node to be visited. */
  private record Step(long va, int depth) {}

  /** What a walk gave: VADs by address, what is to be said of missing ones, and its cost. */
  record Result(List<Vad> vads, Set<String> troubles, int nodes) {}

  private VadTree(VadReader reader) {
    this.reader = reader;
  }

  /**
   * @param process an EPROCESS
   * @param most nodes that may be read
   */
  static Result walk(VadReader reader, Struct process, int most) {
    OptionalLong root = reader.root(process);
    VadTree tree = new VadTree(reader);
    if (root.isEmpty()) {
      tree.trouble("the root of its VADs cannot be read");
    } else {
      tree.visit(root.getAsLong(), 1);
      tree.walk(Math.min(most, MAX_NODES));
    }
    List<Vad> sorted = tree.sorted();
    // What was left out comes before what was odd.
    Set<String> troubles = new LinkedHashSet<>(tree.cuts);
    troubles.addAll(tree.troubles);
    return new Result(sorted, troubles, tree.seen.size());
  }

  private void walk(int most) {
    while (!steps.isEmpty()) {
      if (seen.size() > most) {
        cuts.add("only %d nodes of its VAD tree were read".formatted(most));
        return;
      }
      Step step = steps.pop();
      VadReader.Node node = reader.read(step.va());
      if (node.vad() != null) {
        vads.add(node.vad());
      } else {
        trouble("VAD at 0x%x: %s".formatted(step.va(), node.trouble()));
      }
      visit(node.right(), step.depth() + 1);
      visit(node.left(), step.depth() + 1);
    }
  }

  private void visit(long va, int depth) {
    if (va == 0) {
      return;
    }
    if (!reader.isNodeAddress(va)) {
      trouble("its VAD tree leads to 0x%x, which is no kernel object".formatted(va));
    } else if (depth > MAX_DEPTH) {
      cuts.add("its VAD tree is deeper than %d".formatted(MAX_DEPTH));
    } else if (!seen.add(va)) {
      trouble("its VAD tree comes back to 0x%x".formatted(va));
    } else {
      steps.push(new Step(va, depth));
    }
  }

  private List<Vad> sorted() {
    vads.sort(Comparator.comparingLong(Vad::start));
    for (int i = 1; i < vads.size(); i++) {
      if (vads.get(i).start() <= vads.get(i - 1).end()) {
        trouble("its VADs overlap, first at 0x%x".formatted(vads.get(i).start()));
        break;
      }
    }
    return List.copyOf(vads);
  }

  private void trouble(String text) {
    if (troubles.size() < MAX_TROUBLES) {
      troubles.add(text);
    }
  }
}
