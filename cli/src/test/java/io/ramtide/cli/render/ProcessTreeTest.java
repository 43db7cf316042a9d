package io.ramtide.cli.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.cli.Output;
import io.ramtide.cli.render.ProcessTree.Node;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessTreeTest {
  private final Output output = new Output();

  private static Node node(long pid, Long parent, String name, long created) {
    return new Node(pid, parent, name, created, null, "");
  }

  private List<String> print(Node... nodes) {
    ProcessTree.print(output.terminal(false), List.of(nodes));
    return output.lines().stream().map(line -> line.substring(0, 20).stripTrailing()).toList();
  }

  @Test
  void print_putsChildrenUnderTheirParent() {
    assertThat(print(node(8, 4L, "child", 20), node(4, 0L, "System", 10), node(12, 8L, "x", 30)))
        .containsExactly("System", "  child", "    x");
  }

  @Test
  void print_whenPidWasUsedAgain_doesNotTakeTheYoungerOneForTheParent() {
    assertThat(print(node(8, 4L, "orphan", 20), node(4, 0L, "young", 30)))
        .containsExactly("orphan", "young");
  }

  @Test
  void print_ofParentsInACircle_endsAndShowsAll() {
    assertThat(print(node(8, 4L, "a", 10), node(4, 8L, "b", 10), node(1, 1L, "self", 10)))
        .hasSize(3);
  }

  @Test
  void print_ofADeepChain_isBoundedInWidth() {
    List<Node> chain = new ArrayList<>();
    for (int i = 1; i <= 2000; i++) {
      chain.add(node(i, i - 1L, "p", i));
    }
    ProcessTree.print(output.terminal(false), chain);
    assertThat(output.lines()).hasSize(2000).allMatch(line -> line.length() < 200);
  }
}
