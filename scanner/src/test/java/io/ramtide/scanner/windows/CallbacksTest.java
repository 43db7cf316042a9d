package io.ramtide.scanner.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.scanner.windows.TinyKernel.Result;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.schemas.CallbackFinding;
import io.ramtide.schemas.CoverageStatus;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CallbacksTest {
  private static final long DRIVERS = 0xffff_f800_2000_0000L;
  private static final long ROUTINE = DRIVERS + 0x1230;

  private final TinyKernel kernel = TinyKernel.known();

  @BeforeEach
  void modules() {
    kernel.ordinaryModules(DRIVERS);
  }

  private Result<CallbackFinding> analyze() {
    return kernel.analyze(What.callbacks, CallbackFinding.class);
  }

  private List<String> lines() {
    return analyze().findings().stream().map(CallbacksTest::line).toList();
  }

  private static String line(CallbackFinding callback) {
    String module =
        callback.getModule() == null ? callback.getModuleStatus() : callback.getModule();
    return "%s 0x%x %s %s"
        .formatted(callback.getType(), callback.getAddress(), module, callback.getDetail());
  }

  private long routineBlock(long routine) {
    long block = kernel.pool("Cbrb", 0x18);
    kernel.write(block + 8, routine);
    return block;
  }

  @Test
  void slots_giveTheRoutinesOfTheirBlocks() {
    long slots = kernel.variable("PspCreateProcessNotifyRoutine");
    kernel.write(slots, routineBlock(ROUTINE) | 0xf);
    kernel.write(slots + 63 * 8, routineBlock(DRIVERS + 0x4000_0000L) | 7);

    assertThat(lines())
        .containsExactly(
            "processCreate 0xfffff80020001230 good.sys null",
            "processCreate 0xfffff80060000000 in no module null");
  }

  @Test
  void slotOutsideKernelSpace_isSaid() {
    kernel.write(kernel.variable("PspLoadImageNotifyRoutine") + 16, 0x7ff0_0000_1000L);

    Result<CallbackFinding> result = analyze();

    assertThat(result.findings()).isEmpty();
    assertThat(result.detail())
        .contains("imageLoad: 1 slots hold no pointer", "Routine[2]: 0x7ff000001000");
  }

  @Test
  void registryCallback_hasItsAltitude() {
    long head = kernel.variable("CallbackListHead");
    long entry = kernel.pool("CMcb", 0x50);
    kernel.ring(List.of(head, entry));
    kernel.write(entry + 0x28, ROUTINE);
    kernel.text(entry + 0x30, "385200");
    kernel.writeInt(kernel.variable("CmpCallBackCount"), 1);

    Result<CallbackFinding> result = analyze();

    assertThat(result.findings().stream().map(CallbacksTest::line))
        .containsExactly("registry 0xfffff80020001230 good.sys altitude 385200");
    assertThat(result.detail()).doesNotContain("registry");
  }

  @Test
  void registryCallbackThatWasUnlinked_isMissedInTheCount() {
    long head = kernel.variable("CallbackListHead");
    kernel.ring(List.of(head));
    kernel.writeInt(kernel.variable("CmpCallBackCount"), 1);

    assertThat(analyze().detail())
        .contains("registry: CmpCallBackCount is 1, but CallbackListHead has 0");
  }

  @Test
  void bugCheckCallbacks_haveTheirComponent() {
    long name = kernel.pool("Name", 16);
    kernel.windows.memory.put(
        kernel.windows.gpa(name), "disk\0".getBytes(StandardCharsets.ISO_8859_1));
    long plain = kernel.pool("Bugc", 0x40);
    kernel.ring(List.of(kernel.variable("KeBugCheckCallbackListHead"), plain));
    kernel.write(plain + 0x10, ROUTINE);
    kernel.write(plain + 0x28, name);
    long reason = kernel.pool("Bugc", 0x40);
    kernel.ring(List.of(kernel.variable("KeBugCheckReasonCallbackListHead"), reason));
    kernel.write(reason + 0x10, ROUTINE);
    kernel.write(reason + 0x18, name);

    assertThat(lines())
        .containsExactly(
            "bugCheck 0xfffff80020001230 good.sys disk",
            "bugCheckReason 0xfffff80020001230 good.sys disk");
  }

  @Test
  void shutdownCallback_isTheDriversMajorFunction() {
    long driver = kernel.driver("Driv", "\\Driver\\Good", DRIVERS);
    kernel.write(driver + kernel.offset("DRIVER_OBJECT", "MajorFunction") + 0x10 * 8L, ROUTINE);
    long packet = kernel.pool("IoSh", 0x18);
    kernel.ring(List.of(kernel.variable("IopNotifyShutdownQueueHead"), packet));
    kernel.write(packet + 0x10, kernel.device(driver));

    assertThat(lines()).containsExactly("shutdown 0xfffff80020001230 good.sys \\Driver\\Good");
  }

  @Test
  void shutdownCallbackOfNoDevice_isSaid() {
    long packet = kernel.pool("IoSh", 0x18);
    kernel.ring(List.of(kernel.variable("IopNotifyShutdownQueueHead"), packet));
    kernel.write(packet + 0x10, 0x1000);

    assertThat(analyze().detail()).contains("shutdown: the device at 0x1000 of the entry at");
  }

  @Test
  void fileSystemAndPlugAndPlayCallbacks_nameTheirDriver() {
    long driver = kernel.driver("Driv", "\\Driver\\Good", DRIVERS);
    long packet = kernel.pool("IoFs", 0x20);
    kernel.ring(List.of(kernel.variable("IopFsNotifyChangeQueueHead"), packet));
    kernel.write(packet + 0x10, driver);
    kernel.write(packet + 0x18, ROUTINE);
    long heads = kernel.variable("PnpDeviceClassNotifyList");
    for (int i = 0; i < 12; i++) {
      kernel.ring(List.of(heads + 16L * i));
    }
    long notify = kernel.pool("PnpD", 0x60);
    kernel.ring(List.of(heads + 16L * 12, notify));
    kernel.write(notify + 0x20, ROUTINE);
    kernel.write(notify + 0x30, driver);

    assertThat(lines())
        .containsExactly(
            "fileSystem 0xfffff80020001230 good.sys \\Driver\\Good",
            "pnpDeviceInterface 0xfffff80020001230 good.sys \\Driver\\Good");
  }

  @Test
  void chain_isFollowedToItsEnd_andOnceOnlyWhereItComesBack() {
    long head = kernel.variable("SeFileSystemNotifyRoutinesHead");
    long first = kernel.pool("SeFS", 0x10);
    long second = kernel.pool("SeFS", 0x10);
    kernel.write(head, first);
    kernel.write(first, second);
    kernel.write(first + 8, ROUTINE);
    kernel.write(second + 8, ROUTINE + 8);

    assertThat(lines())
        .containsExactly(
            "logonSession 0xfffff80020001230 good.sys null",
            "logonSession 0xfffff80020001238 good.sys null");

    kernel.write(second, first);
    Result<CallbackFinding> result = analyze();

    assertThat(result.findings()).hasSize(2);
    assertThat(result.detail()).contains("where it has been before");
  }

  @Test
  void objectTypeCallbacks_areThoseBeforeAndAfter() {
    kernel.objectTypes("Process");
    long type = kernel.read(kernel.variable("ObTypeIndexTable") + 16);
    long entry = kernel.pool("ObCb", 0x40);
    long registration = kernel.pool("ObCb", 0x20);
    kernel.ring(List.of(type + kernel.offset("OBJECT_TYPE", "CallbackList"), entry));
    kernel.writeInt(entry + 0x14, 1);
    kernel.write(entry + 0x18, registration);
    kernel.write(entry + 0x20, type);
    kernel.write(entry + 0x28, ROUTINE);
    kernel.write(entry + 0x30, ROUTINE + 8);
    kernel.text(registration + 0x10, "321000");

    assertThat(lines())
        .containsExactly(
            "objectType 0xfffff80020001230 good.sys Process, before the operation,"
                + " altitude 321000",
            "objectType 0xfffff80020001238 good.sys Process, after the operation,"
                + " altitude 321000");
  }

  @Test
  void routineThatIsNoAddress_isSaid() {
    kernel.write(
        kernel.variable("PspCreateThreadNotifyRoutine"), routineBlock(0x1234_5678_9abc_def0L));

    Result<CallbackFinding> result = analyze();

    assertThat(result.findings()).isEmpty();
    assertThat(result.detail()).contains("0x123456789abcdef0", "which is no address of a routine");
  }

  @Test
  void routineInUserSpace_isGiven_inNoModule() {
    kernel.write(kernel.variable("PspCreateThreadNotifyRoutine"), routineBlock(0x7ff0_0000_1000L));

    assertThat(lines()).containsExactly("threadCreate 0x7ff000001000 in no module null");
  }

  @Test
  void pagesThatAreMissing_areToldFromNothingRegistered() {
    Result<CallbackFinding> result = analyze();

    assertThat(result.findings()).isEmpty();
    assertThat(result.coverage().getStatus()).isEqualTo(CoverageStatus.incomplete);
    assertThat(result.detail())
        .contains("processCreate, threadCreate, imageLoad", "cannot be read: not mapped");
  }

  @Test
  void kernelOfUnknownSymbols_isNotSupported() {
    Result<CallbackFinding> result =
        TinyKernel.unknown().analyze(What.callbacks, CallbackFinding.class);

    assertThat(result.coverage().getStatus()).isEqualTo(CoverageStatus.notSupported);
  }
}
