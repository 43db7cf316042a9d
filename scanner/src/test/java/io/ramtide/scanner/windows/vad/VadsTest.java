package io.ramtide.scanner.windows.vad;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.scanner.paging.AddressSpace;
import io.ramtide.scanner.symbols.Layout;
import io.ramtide.scanner.symbols.StructType;
import io.ramtide.scanner.symbols.SymbolStore;
import io.ramtide.scanner.windows.guest.GuestProcess;
import io.ramtide.scanner.windows.guest.GuestText;
import io.ramtide.scanner.windows.guest.TinyGuest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class VadsTest {
  private static final int READWRITE = 4;
  private static final int EXECUTE_READWRITE = 6;
  private static final int EXECUTE_WRITECOPY = 7;

  private final TinyGuest guest = new TinyGuest(SymbolStore.shipped().layout("win10-19041"));
  private final TinyVads tree = new TinyVads(guest);

  static Stream<Layout> layouts() {
    return Stream.concat(SymbolStore.shipped().layouts().stream(), Stream.of(windows8()));
  }

  /**
   * Windows 8 (9200), of which no layout is shipped: an AVL table as in Windows 7, but nodes of
   * their own, and 32-bit page numbers as later.
   */
  private static Layout windows8() {
    Layout later = SymbolStore.shipped().layout("win81-9600");
    Map<String, StructType> types = new HashMap<>(later.types());
    StructType old = SymbolStore.shipped().layout("win7sp1-4f8").type("MM_AVL_TABLE");
    types.put("MM_AVL_TABLE", old);
    types.put(
        "MMADDRESS_NODE",
        new StructType(
            "MMADDRESS_NODE",
            0x18,
            Map.of(
                "LeftChild", new StructType.Field(8, 0, 0),
                "RightChild", new StructType.Field(16, 0, 0))));
    Map<String, StructType.Field> node = new HashMap<>(later.type("MMVAD_SHORT").fields());
    node.keySet().removeIf(field -> field.endsWith("High"));
    types.put("MMVAD_SHORT", new StructType("MMVAD_SHORT", 0x40, node));
    return new Layout(
        new Layout.Head("win8-9200", 9200, 9200, "test", later.processTag(), 0xb2), () -> types);
  }

  @ParameterizedTest
  @MethodSource("layouts")
  void treeOfEveryLayout_isReadWithEveryField(Layout layout) {
    TinyGuest guest = new TinyGuest(layout);
    TinyVads tree = new TinyVads(guest);
    long last = layout.type("MMVAD_SHORT").has("LeftChild") ? 0x7ff_0000L : 0x7_ffff_0000L;
    boolean hasHigh = layout.type("MMVAD_SHORT").has("StartingVpnHigh");
    long high = hasHigh || last < 1L << 31 ? last : 0x7ff_0000L;
    long middle = tree.node("Vad ", 0x10, 0x1f);
    long left = tree.node("VadS", 2, 2);
    long right = tree.node("VadS", high, high + 7);
    tree.child(middle, "Left", left);
    tree.child(middle, "Right", right);
    tree.root(middle);
    tree.flag(middle, "Protection", EXECUTE_WRITECOPY);
    tree.flag(middle, "VadType", 2);
    tree.section(middle, "\\Windows\\a.dll");
    tree.flag(left, "Protection", READWRITE);
    tree.flag(left, "PrivateMemory", 1);
    tree.flag(left, "CommitCharge", 3);
    tree.flag(left, "MemCommit", 1);
    tree.flag(right, "Protection", EXECUTE_READWRITE);
    tree.flag(right, "PrivateMemory", 1);

    Vads vads = Vads.of(guest.process());

    assertThat(vads.troubles()).isEmpty();
    assertThat(vads.all()).extracting(Vad::va).containsExactly(left, middle, right);
    assertThat(vads.all())
        .extracting(Vad::protectionText)
        .containsExactly("PAGE_READWRITE", "PAGE_EXECUTE_WRITECOPY", "PAGE_EXECUTE_READWRITE");
    assertThat(vads.all()).extracting(Vad::typeText).containsExactly("none", "imageMap", "none");
    assertThat(vads.all()).extracting(Vad::tag).containsExactly("VadS", "Vad ", "VadS");
    assertThat(vads.all()).extracting(Vad::commitCharge).containsExactly(3L, 0L, 0L);
    assertThat(vads.all()).extracting(Vad::isCommitted).containsExactly(true, false, false);
    assertThat(vads.all()).extracting(Vad::privateMemory).containsExactly(true, false, true);
    assertThat(vads.all().get(2).start()).isEqualTo(high << 12);
    assertThat(vads.all().get(2).end()).isEqualTo(((high + 8) << 12) - 1);
    assertThat(vads.all().stream().map(vads::file))
        .containsExactly(GuestText.NONE, GuestText.of("\\Windows\\a.dll"), GuestText.NONE);
    assertThat(vads.at(0x1f_fff)).contains(vads.all().get(1));
    assertThat(vads.at(0x20_000)).isEmpty();
    assertThat(vads.at(0)).isEmpty();
  }

  @Test
  void processWithoutVads_hasNoneAndNoTrouble() {
    Vads vads = Vads.of(guest.process());

    assertThat(vads.all()).isEmpty();
    assertThat(vads.troubles()).isEmpty();
  }

  @Test
  void tamperedTag_hidesNoFile() {
    long node = image("\\Windows\\evil.dll");
    guest.put(node - 12, 4, 0x53646156);

    assertThat(file()).isEqualTo(GuestText.of("\\Windows\\evil.dll"));
  }

  @Test
  void sectionWithoutFile_hasNone() {
    image(null);

    assertThat(file()).isEqualTo(GuestText.NONE);
  }

  @Test
  void fileObjectThatIsPagedOut_saysSo() {
    long node = image("\\Windows\\a.dll");
    long subsection = read(node, "MMVAD", "Subsection");
    long area = read(subsection, "SUBSECTION", "ControlArea");
    long object = 0xffff_b000_0000_0000L;
    guest.pointer("CONTROL_AREA", area, "FilePointer", object);
    guest.memory.putLong(guest.pte(object), 0x1234_0000_0080L);

    assertThat(file()).isEqualTo(GuestText.missing("paged out"));
  }

  @Test
  void fileThatIsNoFileObject_isNotRead() {
    long node = image("\\Windows\\a.dll");
    long area = read(read(node, "MMVAD", "Subsection"), "SUBSECTION", "ControlArea");

    guest.pointer("CONTROL_AREA", area, "FilePointer", area);
    assertThat(file()).isEqualTo(GuestText.missing("no file object"));
    guest.pointer("CONTROL_AREA", area, "FilePointer", 0x7ff6_0000_0000L);
    assertThat(file()).isEqualTo(GuestText.missing("no file object"));
  }

  @Test
  void pageThatOnlyItsVadDescribes_isReadBehindThePrototypePtes() {
    long node = image("\\Windows\\a.dll");
    long first = read(node, "MMVAD", "Subsection");
    long second = guest.alloc(guest.layout.type("SUBSECTION").size());
    long prototypes = guest.alloc(8 * 16);
    long others = guest.alloc(8 * 16);
    guest.pointer("MMVAD", node, "FirstPrototypePte", prototypes);
    guest.pointer("MMVAD", node, "LastContiguousPte", prototypes + 8);
    subsection(first, prototypes, 2, second);
    subsection(second, others, 14, 0);
    guest.put(0x7000_0000, 8, 0x1111);
    guest.put(0x7000_1000, 8, 0x2222);
    guest.put(prototypes + 8, 8, guest.memory.readLong(guest.pte(0x7000_0000)));
    guest.put(others + 8, 8, guest.memory.readLong(guest.pte(0x7000_1000)));
    GuestProcess process = guest.process();
    new VadDecoder().describe(process.guest(), process, null);
    AddressSpace space = process.space().orElseThrow();

    assertThat(space.qword(0x10_000 + 0x1000).orElseThrow()).isEqualTo(0x1111);
    assertThat(space.qword(0x10_000 + 0x3000).orElseThrow()).isEqualTo(0x2222);
    assertThat(space.qword(0x20_000)).isEmpty();
  }

  private void subsection(long va, long base, int count, long next) {
    guest.pointer("SUBSECTION", va, "SubsectionBase", base);
    guest.put(va + guest.layout.type("SUBSECTION").offset("PtesInSubsection"), 4, count);
    guest.pointer("SUBSECTION", va, "NextSubsection", next);
  }

  @Test
  void hints_sayWhatThePagesShow() {
    long code = tree.node("VadS", 0x100, 0x10f);
    tree.flag(code, "PrivateMemory", 1);
    tree.flag(code, "Protection", EXECUTE_READWRITE);
    tree.root(code);
    assertThat(hints()).containsExactly("executablePrivate");

    guest.put(0x10_5000, 1, 1);
    assertThat(hints()).containsExactly("executablePrivate", "content");

    guest.put(0x10_0000, new byte[] {(byte) 0xfc, 0x48, (byte) 0x83, (byte) 0xe4, (byte) 0xf0});
    assertThat(hints()).containsExactly("executablePrivate", "code", "content");

    guest.put(0x10_0000, 2, 0x5a4d);
    guest.put(0x10_003c, 4, 0x80);
    assertThat(hints()).containsExactly("executablePrivate", "content");
    guest.put(0x10_0080, 4, 0x4550);
    assertThat(hints()).containsExactly("mz", "executablePrivate", "content");
  }

  @Test
  void hugeRegionWithNothingInIt_costsFewSteps() {
    long huge = tree.node("VadS", 0x10, 0x7_fffe_0000L);
    tree.flag(huge, "PrivateMemory", 1);
    tree.flag(huge, "Protection", EXECUTE_READWRITE);
    tree.root(huge);
    GuestProcess process = guest.process();
    VadHints hints = new VadHints(process.guest(), process.space().orElseThrow());

    assertThat(hints.of(Vads.of(process).all().get(0))).containsExactly("executablePrivate");
    assertThat(hints.isCut()).isFalse();
  }

  private List<String> hints() {
    GuestProcess process = guest.process();
    return new VadHints(process.guest(), process.space().orElseThrow())
        .of(Vads.of(process).all().get(0));
  }

  private long image(String file) {
    long node = tree.node("Vad ", 0x10, 0x1f);
    tree.flag(node, "VadType", 2);
    tree.section(node, file);
    tree.root(node);
    return node;
  }

  private GuestText file() {
    Vads vads = Vads.of(guest.process());
    return vads.file(vads.all().get(0));
  }

  private long read(long va, String type, String field) {
    long at = va + guest.layout.type(type).offset(field);
    return guest.memory.readLong((guest.memory.readLong(guest.pte(at)) & ~0xfffL) | (at & 0xfff));
  }
}
