package io.ramtide.scanner.windows.vad;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.scanner.symbols.SymbolStore;
import io.ramtide.scanner.windows.guest.FindingSink;
import io.ramtide.scanner.windows.guest.GuestProcess;
import io.ramtide.scanner.windows.guest.TinyGuest;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.schemas.Coverage;
import io.ramtide.schemas.CoverageStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a guest does to its VADs costs bounded time, hides no other VAD, and is said. */
@Timeout(60)
class HostileVadsTest {
  private final TinyGuest guest = new TinyGuest(SymbolStore.shipped().layout("win10-19041"));
  private final TinyVads tree = new TinyVads(guest);
  private final List<SpecificRecord> findings = new ArrayList<>();

  private Coverage decode() {
    GuestProcess process = guest.process();
    FindingSink sink = new FindingSink(Set.of(What.vads), findings::add);
    VadDecoder decoder = new VadDecoder();
    decoder.describe(process.guest(), process, sink);
    decoder.decode(process.guest(), List.of(process), sink);
    return sink.coverage().get(0);
  }

  private void assertIncomplete(String why, int found) {
    Coverage coverage = decode();
    assertThat(coverage.getStatus()).isEqualTo(CoverageStatus.incomplete);
    assertThat(coverage.getDetail()).contains("process 100").contains(why);
    assertThat(findings).hasSize(found);
  }

  private long[] three() {
    long[] nodes = {
      tree.node("VadS", 0x10, 0x1f), tree.node("VadS", 0x20, 0x2f), tree.node("VadS", 0x30, 0x3f)
    };
    tree.child(nodes[1], "Left", nodes[0]);
    tree.child(nodes[1], "Right", nodes[2]);
    tree.root(nodes[1]);
    return nodes;
  }

  @Test
  void honestTree_isComplete() {
    three();

    Coverage coverage = decode();

    assertThat(coverage.getStatus()).isEqualTo(CoverageStatus.complete);
    assertThat(coverage.getDetail()).isNull();
    assertThat(findings).hasSize(3);
  }

  @Test
  void treeThatIsACycle_endsAndIsSaid() {
    long[] nodes = three();
    tree.child(nodes[0], "Left", nodes[1]);

    assertIncomplete("comes back to 0x%x".formatted(nodes[1]), 3);
  }

  @Test
  void childThatIsAUserAddress_isNotFollowed() {
    long[] nodes = three();
    tree.child(nodes[0], "Left", 0x7ff6_0000_0000L);

    assertIncomplete("leads to 0x7ff600000000, which is no kernel object", 3);
  }

  @Test
  void nodeThatIsPagedOut_costsItsSubtreeOnly() {
    long[] nodes = three();
    long lost = 0xffff_b000_0000_0000L;
    tree.child(nodes[0], "Right", lost);
    guest.memory.putLong(guest.pte(lost), 0x1234_0000_0080L);

    assertIncomplete("VAD at 0xffffb00000000000: page in pagefile", 3);
  }

  @Test
  void vadThatEndsBeforeItBegins_isSaidNotGiven() {
    long[] nodes = three();
    tree.child(nodes[0], "Left", tree.node("VadS", 5, 4));

    assertIncomplete("it ends before it begins", 3);
  }

  @Test
  void vadBeyondUserSpace_isSaidNotGiven() {
    long[] nodes = three();
    tree.child(nodes[2], "Right", tree.node("VadS", 0x40, 0xf8_0000_0000L));

    assertIncomplete("it reaches out of user space", 3);
  }

  @Test
  void vadsThatOverlap_areGivenAndSaid() {
    long[] nodes = three();
    tree.child(nodes[0], "Left", tree.node("VadS", 0x18, 0x18));

    assertIncomplete("overlap, first at 0x18000", 4);
  }

  @Test
  void treeAMillionDeep_isCutAtTheDepthOfHonestTrees() {
    // Every node's left child begins eight bytes behind it, and so is its right child's.
    int depth = 1_000_000;
    long first = guest.alloc(8 * (depth + 20));
    for (long page = first; page < first + 8L * depth; page += 4096) {
      guest.map(page, 4096);
    }
    for (int i = 0; i < depth; i++) {
      guest.put(first + 8L * i, 8, first + 8L * (i + 1));
    }
    tree.root(first);

    Coverage coverage = decode();

    assertThat(coverage.getDetail()).contains("deeper than 64");
    assertThat(findings.size()).isLessThan(200);
  }

  @Test
  void treeOfTooManyNodes_isCut() {
    int nodes = VadTree.MAX_NODES + 1000;
    long first = guest.alloc(16 * nodes + 64);
    for (int i = 0; 2 * i + 2 < nodes; i++) {
      guest.put(first + 16L * i, 8, first + 16L * (2 * i + 1));
      guest.put(first + 16L * i + 8, 8, first + 16L * (2 * i + 2));
    }
    tree.root(first);

    assertThat(decode().getDetail()).contains("only 131072 nodes");
  }

  @Test
  void rootThatIsPagedOut_isSaid() {
    long lost = 0xffff_b000_0000_0000L;
    guest.memory.putLong(guest.pte(lost), 0x1234_0000_0080L);
    GuestProcess process = guest.process();
    process.finding().setObjectVa(lost);
    FindingSink sink = new FindingSink(Set.of(What.vads), findings::add);

    new VadDecoder().decode(process.guest(), List.of(process), sink);

    assertThat(sink.coverage().get(0).getDetail()).contains("root of its VADs cannot be read");
  }
}
