package io.ramtide.scanner.windows.user;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.scanner.symbols.Layout;
import io.ramtide.scanner.symbols.SymbolStore;
import io.ramtide.scanner.windows.guest.Decoder;
import io.ramtide.scanner.windows.guest.FindingSink;
import io.ramtide.scanner.windows.guest.GuestProcess;
import io.ramtide.scanner.windows.guest.GuestText;
import io.ramtide.scanner.windows.guest.TinyGuest;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.scanner.windows.vad.TinyVads;
import io.ramtide.schemas.Coverage;
import io.ramtide.schemas.EnvironmentFinding;
import io.ramtide.schemas.EnvironmentVariable;
import io.ramtide.schemas.ModuleFinding;
import io.ramtide.schemas.ProcessFinding;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class UserSpaceTest {
  private static final long PAGED_OUT = 0x1234_0000_0080L;
  private static final int IMAGE_MAP = 2;

  private TinyGuest guest = new TinyGuest(SymbolStore.shipped().layout("win10-19041"));
  private final List<SpecificRecord> findings = new ArrayList<>();

  static Stream<Layout> layouts() {
    return SymbolStore.shipped().layouts().stream();
  }

  private ProcessFinding describe() {
    GuestProcess process = guest.process();
    new ParametersDecoder().describe(process.guest(), process, null);
    return process.finding().build();
  }

  private FindingSink decode(Decoder decoder) {
    FindingSink sink = new FindingSink(What.all(), findings::add);
    GuestProcess process = guest.process();
    decoder.decode(process.guest(), List.of(process), sink);
    return sink;
  }

  private <T> List<T> all(Class<T> kind) {
    return findings.stream().map(kind::cast).toList();
  }

  @ParameterizedTest
  @MethodSource("layouts")
  void processOfEveryLayout_givesParametersAndModules(Layout layout) {
    guest = new TinyGuest(layout);
    TinyUser user = new TinyUser(guest, false);
    user.parameter("ImagePathName", "C:\\a.exe");
    user.parameter("CommandLine", "a.exe -x \u00e9");
    user.parameter("CurrentDirectory", "C:\\work\\");
    user.module(0, 0x40_0000, "a.exe");
    user.module(1, 0x7ff8_0000_0000L, "ntdll.dll");
    user.link(List.of(0, 1), List.of(0, 1), List.of(1));

    ProcessFinding process = describe();
    FindingSink sink = decode(new ModuleDecoder());

    assertThat(process.getPebVa()).isEqualTo(TinyUser.NATIVE);
    assertThat(process.getImagePath()).isEqualTo("C:\\a.exe");
    assertThat(process.getCommandLine()).isEqualTo("a.exe -x \u00e9");
    assertThat(process.getCurrentDirectory()).isEqualTo("C:\\work\\");
    assertThat(process.getWow64()).isFalse();
    assertThat(all(ModuleFinding.class).stream().map(UserSpaceTest::line))
        .containsExactly(
            "a.exe C:\\a.exe 0x400000 0x3000 load=true init=false memory=true wow64=false",
            "ntdll.dll C:\\ntdll.dll 0x7ff800000000 0x3000"
                + " load=true init=true memory=true wow64=false");
    assertThat(all(ModuleFinding.class).get(0).getLoadTime()).isEqualTo(131_860_526_761_505_463L);
    assertThat(all(ModuleFinding.class).get(0).getMappedFileStatus()).isEqualTo("in no VAD");
    assertThat(sink.coverage()).allMatch(coverage -> coverage.getDetail() == null);
  }

  private static String line(ModuleFinding module) {
    return "%s %s 0x%x 0x%x load=%b init=%b memory=%b wow64=%b"
        .formatted(
            module.getName(),
            module.getPath(),
            module.getBaseVa(),
            module.getSize(),
            module.getInLoad(),
            module.getInInit(),
            module.getInMemory(),
            module.getWow64());
  }

  @ParameterizedTest
  @MethodSource("layouts")
  void wow64ProcessOfEveryLayout_givesBothLoadersModules(Layout layout) {
    guest = new TinyGuest(layout);
    TinyUser user = new TinyUser(guest, false);
    user.module(0, 0x40_0000, "a.exe");
    user.link(List.of(0), List.of(0), List.of());
    TinyUser small = wow64();
    small.module(0, 0x40_0000, "a.exe");
    small.module(1, 0x7700_0000, "ntdll.dll");
    small.link(List.of(0, 1), List.of(0, 1), List.of(1));

    decode(new ModuleDecoder());

    assertThat(describe().getWow64()).isTrue();
    assertThat(all(ModuleFinding.class).stream().map(UserSpaceTest::line))
        .containsExactlyInAnyOrder(
            "a.exe C:\\a.exe 0x400000 0x3000 load=true init=false memory=true wow64=false",
            "a.exe C:\\a.exe 0x400000 0x3000 load=true init=false memory=true wow64=true",
            "ntdll.dll C:\\ntdll.dll 0x77000000 0x3000 load=true init=true memory=true wow64=true");
    assertThat(all(ModuleFinding.class))
        .allMatch(module -> module.getLoadTime() == 131_860_526_761_505_463L);
  }

  /** Windows 10 keeps the 32-bit PEB's address in an EWOW64PROCESS, its predecessors directly. */
  private TinyUser wow64() {
    TinyUser small = new TinyUser(guest, true);
    long pointer = small.peb;
    if (guest.layout.has("EWOW64PROCESS")) {
      pointer = guest.alloc(16);
      guest.pointer("EWOW64PROCESS", pointer, "Peb", small.peb);
    }
    guest.pointer("EPROCESS", guest.process, "Wow64Process", pointer);
    return small;
  }

  @Test
  void commandLineOfAWow64Process_isTakenFromThe32BitBlockWhereTheOtherIsPagedOut() {
    TinyUser user = new TinyUser(guest, false);
    TinyUser small = wow64();
    small.parameter("CommandLine", "small.exe");
    user.parameter("CommandLine", "native.exe");
    assertThat(describe().getCommandLine()).isEqualTo("native.exe");

    guest.memory.putLong(guest.pte(user.parameters), PAGED_OUT);

    assertThat(describe().getCommandLine()).isEqualTo("small.exe");
    assertThat(describe().getCommandLineStatus()).isNull();
    assertThat(describe().getImagePath()).isEmpty();
  }

  @Test
  void parametersBeforeTheLoaderRan_pointRelativeToTheirBlock() {
    TinyUser user = new TinyUser(guest, false);
    guest.put(user.field("Flags"), 4, 0);
    guest.string(user.field("CommandLine"), user.parameters + 0x600, "early.exe", 8);
    guest.put(user.field("CommandLine") + 8, 8, 0x600);

    assertThat(describe().getCommandLine()).isEqualTo("early.exe");
  }

  @Test
  void processWithoutPeb_hasNoUserSpace_whichIsNoFault() {
    ProcessFinding process = describe();
    FindingSink sink = decode(new ParametersDecoder());
    decode(new ModuleDecoder());

    assertThat(process.getCommandLine()).isNull();
    assertThat(process.getCommandLineStatus()).isEqualTo("no user space");
    assertThat(process.getImageFile()).isNull();
    assertThat(process.getImageFileStatus()).isNull();
    assertThat(findings).isEmpty();
    assertThat(sink.coverage()).allMatch(coverage -> coverage.getDetail() == null);
  }

  @Test
  void pebThatIsPagedOut_saysSoAndIsNoProcessWithoutUserSpace() {
    TinyUser user = new TinyUser(guest, false);
    guest.memory.putLong(guest.pte(user.peb), PAGED_OUT);

    assertThat(describe().getCommandLineStatus()).isEqualTo("paged out");
    decode(new ParametersDecoder());
    assertThat(all(EnvironmentFinding.class).get(0).getStatus()).isEqualTo("paged out");
    findings.clear();
    FindingSink sink = decode(new ModuleDecoder());
    assertThat(sink.coverage())
        .filteredOn(coverage -> coverage.getKind().equals("modules"))
        .extracting(Coverage::getDetail)
        .containsExactly("process 100: its PEB: paged out");
  }

  @Test
  void endedProcess_saysThatItEnded() {
    TinyUser user = new TinyUser(guest, false);
    guest.memory.putLong(guest.pte(user.peb), 0);
    GuestProcess process = guest.process();
    process.finding().setExitTime(1L);
    new ParametersDecoder().describe(process.guest(), process, null);

    assertThat(process.finding().getCommandLineStatus()).isEqualTo("exited");
  }

  @Test
  void imageThatNoLoaderListHas_isReportedByItsFile() {
    new TinyUser(guest, false);
    TinyVads tree = new TinyVads(guest);
    long node = tree.node("Vad ", 0x18_0000, 0x18_000f);
    tree.flag(node, "VadType", IMAGE_MAP);
    tree.section(node, "\\Temp\\hidden.dll");
    tree.root(node);

    decode(new ModuleDecoder());

    ModuleFinding hidden = all(ModuleFinding.class).get(0);
    assertThat(hidden.getName()).isNull();
    assertThat(hidden.getNameStatus()).isEqualTo("no loader entry");
    assertThat(hidden.getPathStatus()).isEqualTo("no loader entry");
    assertThat(hidden.getBaseVa()).isEqualTo(0x1_8000_0000L);
    assertThat(hidden.getSize()).isEqualTo(0x10000);
    assertThat(hidden.getMappedFile()).isEqualTo("\\Temp\\hidden.dll");
    assertThat(hidden.getInLoad() || hidden.getInInit() || hidden.getInMemory()).isFalse();
  }

  @Test
  void addressInAModule_hasItsName() {
    TinyUser user = new TinyUser(guest, false);
    user.module(0, 0x40_0000, "a.exe");
    user.link(List.of(0), List.of(0), List.of());
    TinyVads tree = new TinyVads(guest);
    long node = tree.node("Vad ", 0x18_0000, 0x18_000f);
    tree.flag(node, "VadType", IMAGE_MAP);
    tree.section(node, "\\Temp\\hidden.dll");
    tree.root(node);

    ProcessModules modules = ProcessModules.of(guest.process());

    assertThat(modules.module(0x40_2fff)).isEqualTo(GuestText.of("a.exe"));
    assertThat(modules.module(0x40_3000)).isEqualTo(GuestText.missing("in no module"));
    assertThat(modules.module(0x1_8000_0123L)).isEqualTo(GuestText.of("hidden.dll"));
  }

  @Test
  void imageFile_isTakenFromTheFirstPlaceThatNamesOne() {
    long text = guest.alloc(64);
    long name = guest.alloc(64);
    guest.string(name, text, "\\Device\\a.exe", 8);
    guest.pointer("EPROCESS", guest.process, "SeAuditProcessCreationInfo", name);
    TinyVads tree = new TinyVads(guest);
    long subsection = tree.section(tree.node("Vad ", 1, 1), "\\section.exe");
    long area = pointer(subsection + guest.layout.type("SUBSECTION").offset("ControlArea"));
    long section = guest.alloc(guest.layout.type("SECTION").size());
    guest.pointer("SECTION", section, "u1", area | 1);
    guest.pointer("EPROCESS", guest.process, "SectionObject", section);
    assertThat(describe().getImageFile()).isEqualTo("\\Device\\a.exe");

    guest.string(name, text, "", 8);
    assertThat(describe().getImageFile()).isEqualTo("\\section.exe");

    long file = pointer(area + guest.layout.type("CONTROL_AREA").offset("FilePointer"));
    guest.pointer("EPROCESS", guest.process, "ImageFilePointer", file);
    guest.pointer("EPROCESS", guest.process, "SectionObject", 0);
    assertThat(describe().getImageFile()).isEqualTo("\\section.exe");
  }

  private long pointer(long va) {
    return guest.memory.readLong((guest.memory.readLong(guest.pte(va)) & ~0xfffL) | (va & 0xfff));
  }

  @Test
  void environment_keepsOddNamesAndEmptyValues() {
    environment("=C:=C:\\work\0A=1=2\0EMPTY=\0odd\0\0garbage=1\0", 0);

    decode(new ParametersDecoder());

    EnvironmentFinding found = all(EnvironmentFinding.class).get(0);
    assertThat(found.getStatus()).isNull();
    assertThat(found.getVariables())
        .containsExactly(
            new EnvironmentVariable("=C:", "C:\\work"),
            new EnvironmentVariable("A", "1=2"),
            new EnvironmentVariable("EMPTY", ""),
            new EnvironmentVariable("odd", ""));
  }

  @Test
  void environmentWithAPageMissing_isCutThere() {
    long block = environment("A=" + "x".repeat(4000) + "\0B=1\0\0", 0);
    guest.memory.putLong(guest.pte(block + 0x1000), PAGED_OUT);

    decode(new ParametersDecoder());

    assertThat(all(EnvironmentFinding.class).get(0).getStatus()).isEqualTo("cut: paged out");
    assertThat(all(EnvironmentFinding.class).get(0).getVariables()).isEmpty();
  }

  private long environment(String text, int size) {
    TinyUser user = new TinyUser(guest, false);
    long block = 0x20_0000_0000L;
    guest.put(block, text.getBytes(StandardCharsets.UTF_16LE));
    guest.put(user.field("Environment"), 8, block);
    guest.put(user.field("EnvironmentSize"), 8, size);
    return block;
  }
}
