package io.ramtide.scanner.windows.user;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.scanner.symbols.SymbolStore;
import io.ramtide.scanner.windows.guest.Decoder;
import io.ramtide.scanner.windows.guest.FindingSink;
import io.ramtide.scanner.windows.guest.GuestProcess;
import io.ramtide.scanner.windows.guest.GuestText;
import io.ramtide.scanner.windows.guest.TinyGuest;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.schemas.Coverage;
import io.ramtide.schemas.CoverageStatus;
import io.ramtide.schemas.EnvironmentFinding;
import io.ramtide.schemas.ModuleFinding;
import io.ramtide.schemas.ProcessFinding;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a process does to its own memory costs bounded time, hides no module, and is said. */
@Timeout(60)
class HostileUserSpaceTest {
  private static final long KERNEL = 0xffff_a000_0000_1000L;

  private final TinyGuest guest = new TinyGuest(SymbolStore.shipped().layout("win10-19041"));
  private final TinyUser user = new TinyUser(guest, false);
  private final List<SpecificRecord> findings = new ArrayList<>();

  private Coverage decode(Decoder decoder, What what) {
    GuestProcess process = guest.process();
    FindingSink sink = new FindingSink(Set.of(what), findings::add);
    decoder.decode(process.guest(), List.of(process), sink);
    return sink.coverage().get(0);
  }

  private Coverage modules() {
    return decode(new ModuleDecoder(), What.modules);
  }

  private EnvironmentFinding environment() {
    decode(new ParametersDecoder(), What.environment);
    return (EnvironmentFinding) findings.get(0);
  }

  private ProcessFinding describe() {
    GuestProcess process = guest.process();
    new ParametersDecoder().describe(process.guest(), process, null);
    return process.finding().build();
  }

  private void three() {
    for (int i = 0; i < 3; i++) {
      user.module(i, 0x40_0000 + i * 0x1_0000L, i + ".dll");
    }
    user.link(List.of(0, 1, 2), List.of(0, 1, 2), List.of(1, 2));
  }

  private void assertIncomplete(String why) {
    Coverage coverage = modules();
    assertThat(coverage.getStatus()).isEqualTo(CoverageStatus.incomplete);
    assertThat(coverage.getDetail()).contains("process 100").contains(why);
    assertThat(findings).hasSize(3);
    assertThat(findings).allMatch(finding -> ((ModuleFinding) finding).getInLoad());
  }

  @Test
  void listThatComesBack_isWalkedFromItsEndToo() {
    three();
    guest.put(user.entryField(1, "InLoadOrderLinks"), 8, user.entryField(0, "InLoadOrderLinks"));

    assertIncomplete("InLoadOrderModuleList comes back to");
  }

  @Test
  void listThatLeavesUserSpace_isWalkedFromItsEndToo() {
    three();
    guest.put(user.entryField(0, "InLoadOrderLinks"), 8, KERNEL);

    assertIncomplete("InLoadOrderModuleList leads to 0xffffa00000001000, outside user space");
  }

  @Test
  void entryThatIsPagedOut_isSaid() {
    three();
    long lost = 0x50_0000_0000L;
    guest.memory.putLong(guest.pte(lost), 0x1234_0000_0080L);
    guest.put(user.entryField(0, "InLoadOrderLinks"), 8, lost);

    Coverage coverage = modules();

    assertThat(coverage.getDetail()).contains("entry at 0x5000000000: page in pagefile");
    assertThat(findings).hasSize(3);
  }

  @Test
  void listWithoutEnd_isCut() {
    int count = LoaderLists.MAX_ENTRIES + 100;
    long first = 0x60_0000_0000L;
    for (int i = 0; i < count; i++) {
      user.connect(first + i * 16L, first + (i + 1) * 16L);
    }
    guest.put(user.loader + user.layout.loader().offset("InLoadOrderModuleList"), 8, first);

    Coverage coverage = modules();

    assertThat(coverage.getDetail())
        .contains("InLoadOrderModuleList: only the first 4096 entries were taken");
    assertThat(findings.size()).isLessThanOrEqualTo(LoaderLists.MAX_ENTRIES);
  }

  @Test
  void loaderDataInTheKernel_isNotRead() {
    guest.put(user.peb + user.layout.peb().offset("Ldr"), 8, KERNEL);

    assertThat(modules().getDetail()).contains("its loader data is outside user space");
    assertThat(findings).isEmpty();
  }

  @Test
  void pebInTheKernel_isNotRead() {
    guest.pointer("EPROCESS", guest.process, "Peb", KERNEL);

    assertThat(describe().getCommandLineStatus()).isEqualTo("not a PEB");
  }

  @Test
  void parametersInTheKernel_areNotRead() {
    guest.put(user.peb + user.layout.peb().offset("ProcessParameters"), 8, KERNEL);

    assertThat(describe().getCommandLineStatus()).isEqualTo("outside user space");
    assertThat(environment().getStatus()).isEqualTo("outside user space");
  }

  @Test
  void textInTheKernel_isNotRead() {
    guest.string(user.field("CommandLine"), KERNEL, "secret of the kernel", 8);

    assertThat(describe().getCommandLine()).isNull();
    assertThat(describe().getCommandLineStatus()).isEqualTo("not a text");
  }

  @Test
  void nameOf64KiB_isCutAndKeepsWhatTheGuestWrote() {
    three();
    String odd = "\u001b[31m\ud800x".repeat(8000).substring(0, 32_767);
    byte[] bytes = new byte[2 * odd.length()];
    for (int i = 0; i < odd.length(); i++) {
      bytes[2 * i] = (byte) odd.charAt(i);
      bytes[2 * i + 1] = (byte) (odd.charAt(i) >> 8);
    }
    guest.put(0x70_0000_0000L, bytes);
    guest.string(user.entryField(0, "BaseDllName"), 0x70_0000_0000L, bytes.length, 8);

    modules();

    ModuleFinding module = (ModuleFinding) findings.get(0);
    assertThat(module.getName()).hasSize(GuestText.MAX_NAME).startsWith("\u001b[31m\ufffdx");
    assertThat(module.getNameStatus()).isEqualTo("cut after 4096 characters");
  }

  @Test
  void environmentWithoutEnd_isCut() {
    long block = 0x20_0000_0000L;
    byte[] text = "A=1\0".repeat(8192).getBytes(StandardCharsets.UTF_16LE);
    IntStream.range(0, 8).forEach(i -> guest.put(block + (long) i * text.length, text));
    guest.put(user.field("Environment"), 8, block);
    guest.put(user.field("EnvironmentSize"), 8, 1L << 40);

    EnvironmentFinding found = environment();

    assertThat(found.getStatus()).isEqualTo("cut after 262144 bytes");
    assertThat(found.getVariables()).hasSize(Environment.MAX_BYTES / 8);
  }

  @Test
  void environmentInTheKernel_isNotRead() {
    guest.put(user.field("Environment"), 8, KERNEL);

    assertThat(environment().getStatus()).isEqualTo("outside user space");
  }
}
