package io.ramtide.scanner.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.ramtide.scanner.windows.guest.What;
import io.ramtide.schemas.Coverage;
import io.ramtide.schemas.CoverageStatus;
import io.ramtide.schemas.FileFinding;
import io.ramtide.schemas.HandleFinding;
import io.ramtide.schemas.MutexFinding;
import io.ramtide.schemas.SymbolicLinkFinding;
import io.ramtide.schemas.TokenFinding;
import io.ramtide.schemas.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Objects, and what a guest may do to them to mislead or slow the scanner. */
@Timeout(60)
class HostileObjectsTest {
  private final TinyWindows windows = TinyWindows.known();
  private final TinyWindows.Placed process = windows.process(4, "System");
  private final TinyObjects objects = new TinyObjects(windows);
  private Coverage coverage;

  HostileObjectsTest() {
    windows.link(process);
  }

  private <T extends SpecificRecord> List<T> find(What what, Class<T> type) {
    List<SpecificRecord> findings = new ArrayList<>();
    Analysis analysis = new WindowsAnalyzer().analyze(windows.memory, Set.of(what), findings::add);
    assertThat(analysis.processes()).hasSize(1);
    coverage = analysis.coverage().get(0);
    return findings.stream().filter(type::isInstance).map(type::cast).toList();
  }

  private long mutex(String name, long directory) {
    return objects.named("mutex", "KMUTANT", "Mutant", name, directory);
  }

  @Test
  void mutexByEveryView_isOneFinding() {
    long directory = objects.directory("BaseNamedObjects", 0);
    long root = objects.directory("\\", 0, directory);
    objects.putLong(objects.nameInfo(directory), root);
    long mutex = mutex("Held", directory);
    objects.link(directory, 3, mutex);
    objects.root(root);
    long page = objects.pages(1);
    objects.handleTable(process, page);
    objects.entry(page, 1, mutex, 0x1f0001);
    long thread = objects.pages(2);
    objects.set(thread, "ETHREAD", "Cid", 4);
    objects.putLong(thread + objects.offset("ETHREAD", "Cid") + 8, 12);
    objects.set(mutex, "KMUTANT", "OwnerThread", thread);

    List<MutexFinding> mutexes = find(What.mutexes, MutexFinding.class);

    assertThat(mutexes).hasSize(1);
    MutexFinding found = mutexes.get(0);
    assertThat(found.getName()).isEqualTo("Held");
    assertThat(found.getDirectory()).isEqualTo("\\BaseNamedObjects");
    assertThat(found.getOwnerPid()).isEqualTo(4);
    assertThat(found.getOwnerTid()).isEqualTo(12);
    assertThat(found.getObjectVa()).isEqualTo(mutex);
    assertThat(found.getSeenBy())
        .containsExactly(View.poolScan, View.processHandles, View.objectDirectory);
    assertThat(coverage.getStatus()).isEqualTo(CoverageStatus.complete);
  }

  @Test
  void symbolicLink_hasTargetAndTime() {
    long link = objects.named("symbolicLink", "OBJECT_SYMBOLIC_LINK", "SymbolicLink", "C:", 0);
    objects.set(link, "OBJECT_SYMBOLIC_LINK", "CreationTime", TinyWindows.TIME);
    objects.text(
        link + objects.offset("OBJECT_SYMBOLIC_LINK", "LinkTarget"), "\\Device\\HarddiskVolume1");

    List<SymbolicLinkFinding> links = find(What.symbolicLinks, SymbolicLinkFinding.class);

    assertThat(links).hasSize(1);
    assertThat(links.get(0).getName()).isEqualTo("C:");
    assertThat(links.get(0).getTarget()).isEqualTo("\\Device\\HarddiskVolume1");
    assertThat(links.get(0).getCreateTime()).isEqualTo(TinyWindows.TIME);
  }

  @Test
  void fileAcrossPages_isFoundAndOneInAFreedBlockIsNot() {
    long crossing = objects.pool("file", "FILE_OBJECT", 0xfe0, "File", 0);
    objects.text(crossing + objects.offset("FILE_OBJECT", "FileName"), "\\crossing");
    long freed = objects.pool("file", "FILE_OBJECT", 0, "File", 0);
    objects.free(freed, 0);

    List<FileFinding> files = find(What.files, FileFinding.class);

    assertThat(files.stream().map(FileFinding::getName)).containsExactly("\\crossing");
  }

  @Test
  void tagOverAnObjectOfAnotherType_isNoFile() {
    objects.pool("file", "FILE_OBJECT", 0, "Mutant", 0);

    assertThat(find(What.files, FileFinding.class)).isEmpty();
  }

  /** Volatility 3 takes the encoded byte for the index, and leaves such an object out. */
  @Test
  void typeIndexThatIsEncodedAsZero_isDecoded() {
    long page = objects.pages(1);
    objects.handleTable(process, page);
    long zero = objects.pages(1);
    while (objects.encoded(zero, "Mutant") != 0) {
      zero += (zero & 0xfff) == 0xf00 ? objects.pages(2) - zero : 0x100;
    }
    objects.header(zero, "Mutant", 0);
    objects.entry(page, 1, zero + objects.offset("OBJECT_HEADER", "Body"), 1);

    List<HandleFinding> handles = find(What.handles, HandleFinding.class);

    assertThat(handles).hasSize(1);
    assertThat(handles.get(0).getObjectType()).isEqualTo("Mutant");
  }

  @Test
  void tableOfThreeLevels_givesHandlesTheirValues() {
    long leaf = objects.pages(1);
    long middle = objects.pages(1);
    long top = objects.pages(1);
    objects.putLong(top + 8, middle);
    objects.putLong(top, objects.pages(1));
    objects.putLong(middle + 16, leaf);
    objects.putLong(middle, objects.pages(1));
    objects.putLong(middle + 8, objects.pages(1));
    objects.entry(leaf, 5, mutex("Far", 0), 1);
    objects.handleTable(process, top | 2);

    List<HandleFinding> handles = find(What.handles, HandleFinding.class);

    assertThat(handles.stream().map(HandleFinding::getHandle))
        .containsExactly(4 * (256L * 512 + 2 * 256 + 5));
    assertThat(handles.get(0).getName()).isEqualTo("Far");
  }

  @Test
  void tableThatRefersToItself_isWalkedOnceAndSaidToBe() {
    long top = objects.pages(1);
    for (int i = 0; i < 512; i++) {
      objects.putLong(top + i * 8L, top);
    }
    objects.handleTable(process, top | 2);

    find(What.handles, HandleFinding.class);

    assertThat(coverage.getStatus()).isEqualTo(CoverageStatus.incomplete);
    assertThat(coverage.getDetail()).contains("in the table twice");
  }

  @Test
  void tableInUserSpace_isNotFollowed() {
    objects.handleTable(process, 0x7ff0_0000_0000L);

    assertThat(find(What.handles, HandleFinding.class)).isEmpty();
    assertThat(coverage.getDetail()).contains("PID 4").contains("not a kernel address");
  }

  @Test
  void handleToAPageThatIsMissing_isReportedWithTheReason() {
    long page = objects.pages(1);
    objects.handleTable(process, page);
    long mutex = mutex("Gone", 0);
    objects.entry(page, 1, mutex, 1);
    objects.entry(page, 2, mutex + 0x10_0000_0000L, 1);

    List<HandleFinding> handles = find(What.handles, HandleFinding.class);

    assertThat(handles.stream().map(HandleFinding::getNameStatus))
        .containsExactly(null, "not mapped");
  }

  @Test
  void directoriesThatContainEachOther_areWalkedOnce() {
    long first = objects.directory("First", 0);
    long second = objects.directory("Second", first, first);
    objects.putLong(objects.nameInfo(first), second);
    objects.link(first, 0, second);
    long mutex = mutex("Inside", first);
    long entry = objects.link(first, 1, mutex);
    objects.putLong(entry, entry);
    objects.root(first);

    List<MutexFinding> mutexes = find(What.mutexes, MutexFinding.class);

    assertThat(mutexes).hasSize(1);
    assertThat(mutexes.get(0).getSeenBy()).contains(View.objectDirectory);
    assertThat(mutexes.get(0).getDirectory().length()).isLessThan(1 << 14);
    assertThat(mutexes.get(0).getDirectoryStatus()).isNotNull();
  }

  @Test
  void nameOf64KiBWithBrokenUtf16_isCutAndMadeWhole() {
    long mutex = mutex("\u001b[31m\ud800x".repeat(4000), 0);
    long name = objects.nameInfo(mutex) + objects.offset("OBJECT_HEADER_NAME_INFO", "Name");
    objects.putInt(name, 0xfffe | 0xfffe << 16);

    MutexFinding found = find(What.mutexes, MutexFinding.class).get(0);

    assertThat(found.getName()).hasSizeLessThanOrEqualTo(4096).contains("\ufffd");
    assertThat(found.getNameStatus()).contains("cut");
  }

  @Test
  void tokenWithFourBillionGroups_isBoundedAndSaidToBeCut() {
    long token = objects.pool("token", "TOKEN", 0, "Token", 0);
    long sid = objects.pages(1);
    objects.put(
        sid, (byte) 1, (byte) 1, (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) 5);
    objects.putInt(sid + 8, 18);
    long groups = objects.pages(8);
    for (int i = 0; i < 2048; i++) {
      objects.putLong(groups + i * 16L, i == 1 ? 0x1000 : sid);
    }
    objects.set(token, "TOKEN", "UserAndGroups", groups);
    objects.putInt(token + objects.offset("TOKEN", "UserAndGroupCount"), -1);
    objects.set(process.va(), "EPROCESS", "Token", token | 7);

    TokenFinding found = find(What.tokens, TokenFinding.class).get(0);

    assertThat(found.getUserSid()).isEqualTo("S-1-5-18");
    assertThat(found.getGroups()).hasSizeLessThan(1025);
    assertThat(found.getStatus()).contains("only 1025 of 4294967295").contains("kernel address");
  }

  @Test
  void tokenThatIsSomethingElse_saysSo() {
    objects.set(process.va(), "EPROCESS", "Token", mutex("NoToken", 0));

    TokenFinding found = find(What.tokens, TokenFinding.class).get(0);

    assertThat(found.getStatus()).isEqualTo("not a token");
    assertThat(found.getUserSid()).isNull();
  }

  @Test
  void poolHeadersInEverySlot_costBoundedTime() {
    long mapped = objects.pages(512);
    for (int page = 0; page < 512; page++) {
      long gpa = windows.gpa(mapped + page * 0x1000L);
      for (int at = 0; at < 0x1000; at += 16) {
        windows.memory.putLong(gpa + at, 0x656c_6946L << 32 | 0x02ff_0000L);
      }
    }

    assertThat(find(What.files, FileFinding.class)).hasSizeLessThan(1 << 17);
  }

  @Test
  void keysThatAreEachOthersParents_endInAStatus() {
    assumeThat(windows.layout.has("CM_KEY_BODY")).isTrue();
    long first = objects.pages(1);
    long second = objects.pages(1);
    long name = objects.pages(1);
    objects.putInt(name, 3);
    objects.putInt(name + objects.offset("CM_NAME_CONTROL_BLOCK", "NameLength"), 1);
    objects.put(name + objects.offset("CM_NAME_CONTROL_BLOCK", "Name"), (byte) 'k');
    objects.set(first, "CM_KEY_CONTROL_BLOCK", "ParentKcb", second);
    objects.set(first, "CM_KEY_CONTROL_BLOCK", "NameBlock", name);
    objects.set(second, "CM_KEY_CONTROL_BLOCK", "ParentKcb", first);
    objects.set(second, "CM_KEY_CONTROL_BLOCK", "NameBlock", name);
    long key = objects.pages(1) + 0x100;
    objects.header(objects.header(key), "Key", 0);
    objects.putInt(key, 0x6b793032);
    objects.set(key, "CM_KEY_BODY", "KeyControlBlock", first);
    long page = objects.pages(1);
    objects.handleTable(process, page);
    objects.entry(page, 1, key, 1);

    HandleFinding found = find(What.handles, HandleFinding.class).get(0);

    assertThat(found.getObjectType()).isEqualTo("Key");
    assertThat(found.getName()).startsWith("k").hasSizeLessThan(2000);
    assertThat(found.getNameStatus()).contains("levels deep");
  }
}
