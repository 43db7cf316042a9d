package io.ramtide.testkit.lab;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/**
 * What a guest of the lab runs: a boot sector that moves itself above 1 MiB and from there writes
 * into the pages below, on every tick of the timer. It touches nothing else, so that everything
 * outside of {@link #START} to {@link #END} can be overwritten. Addresses are guest-physical;
 * numbers are little-endian.
 */
public final class GuestProgram {

  /** The first byte that the program uses once it runs: a page of code and stack. */
  public static final long START = 0x110000;

  /**
   * A page: counter u64 at 0, mode u32 at 8, mode obeyed u32 at 12, CR3 u32 at 16, booted at 20.
   */
  public static final long CONTROL = START + 0x1000;

  /** Pages at whose byte 64 the program writes the counter's low 32 bits. */
  public static final long RING = START + 0x2000;

  /** How many pages the ring has. */
  public static final int RING_PAGES = 32;

  /** The first byte behind all that the program uses. */
  public static final long END = RING + RING_PAGES * 4096L;

  static final long COUNTER = CONTROL;
  static final long MODE = CONTROL + 8;
  static final long OBEYED = CONTROL + 12;
  static final long CR3 = CONTROL + 16;
  static final long BOOTED = CONTROL + 20;

  static final int RUN = 0;
  static final int HOLD = 1;
  static final int HURRY = 2;

  private static final int SECTOR = 512;
  private static final int BOOT = 0x7c00; // where the firmware puts a boot sector
  private static final int TIMER_VECTOR = 8; // as the firmware leaves the interrupt controller
  private static final int TICK = 4772; // of 1193182 Hz: 250 ticks a second

  private final ByteBuffer code = ByteBuffer.allocate(SECTOR).order(ByteOrder.LITTLE_ENDIAN);
  private final Map<String, Integer> labels;

  private GuestProgram(Map<String, Integer> labels) {
    this.labels = labels;
  }

  /** The boot sector. */
  static byte[] bootSector() {
    Map<String, Integer> labels = new HashMap<>();
    new GuestProgram(labels).assemble(); // the first run finds where the labels are
    GuestProgram program = new GuestProgram(labels);
    program.assemble();
    return program.code.putShort(SECTOR - 2, (short) 0xaa55).array();
  }

  private void assemble() {
    enterProtectedMode();
    moveUp();
    takeTimer();
    clear();
    mainLoop();
    tables();
  }

  private void enterProtectedMode() {
    put("fa 31 c0 8e d8 8e d0 bc"); // cli; xor ax, ax; mov ds, ax; mov ss, ax; mov sp, BOOT
    code.putShort((short) BOOT);
    put("e4 92 0c 02 e6 92"); // in al, 92; or al, 2; out 92, al (address line 20)
    put("0f 01 16"); // lgdt [gdtr at boot]
    code.putShort((short) (BOOT + at("bootGdtr")));
    put("0f 20 c0 0c 01 0f 22 c0"); // mov eax, cr0; or al, 1; mov cr0, eax
    put("66 ea"); // jmp dword 8:start32
    code.putInt(BOOT + at("start32")).putShort((short) 8);
    label("start32");
    put("66 b8 10 00 8e d8 8e c0 8e d0"); // mov ax, 10; mov ds, ax; mov es, ax; mov ss, ax
  }

  private void moveUp() {
    put("be").putInt(BOOT); // mov esi, BOOT
    put("bf").putInt((int) START); // mov edi, START
    put("b9").putInt(SECTOR / 4); // mov ecx, words
    put("fc f3 a5"); // cld; rep movsd
    put("b8").putInt(up("moved")); // mov eax, moved
    put("ff e0"); // jmp eax
    label("moved");
    put("bc").putInt((int) CONTROL); // mov esp, end of the code's page
    put("0f 01 15").putInt(up("gdtr")); // lgdt [gdtr]
    put("0f 01 1d").putInt(up("idtr")); // lidt [idtr]
  }

  private void takeTimer() {
    put("b0 fe e6 21 b0 ff e6 a1"); // out 21, fe; out a1, ff: no interrupt but the timer's
    put("b0 34 e6 43"); // out 43, 34: channel 0, rate generator
    put("b0 %02x e6 40".formatted(TICK & 0xff)); // out 40, low
    put("b0 %02x e6 40".formatted(TICK >> 8)); // out 40, high
  }

  private void clear() {
    put("bf").putInt((int) CONTROL); // mov edi, CONTROL
    put("b9").putInt((int) (END - CONTROL) / 4); // mov ecx, words
    put("31 c0 f3 ab"); // xor eax, eax; rep stosd
    put("c7 05").putInt((int) BOOTED).putInt(1); // mov dword [BOOTED], 1
  }

  /** A program that is held writes the same bytes to its stack at each tick: nothing changes. */
  private void mainLoop() {
    label("main");
    put("a1").putInt((int) CR3); // mov eax, [CR3]
    put("0f 22 d8"); // mov cr3, eax
    put("a1").putInt((int) MODE); // mov eax, [MODE]
    put("3b 05").putInt((int) OBEYED); // cmp eax, [OBEYED]
    jump("74", "obeyed"); // je
    put("a3").putInt((int) OBEYED); // mov [OBEYED], eax
    label("obeyed");
    put("83 f8 01"); // cmp eax, HOLD
    jump("74", "sleep"); // je
    put("83 05").putInt((int) COUNTER); // add dword [COUNTER], 1
    put("01 83 15").putInt((int) COUNTER + 4); // adc dword [COUNTER + 4], 0
    put("00 8b 15").putInt((int) COUNTER); // mov edx, [COUNTER]
    put("bf").putInt((int) RING + 64); // mov edi, RING + 64
    put("b9").putInt(RING_PAGES); // mov ecx, RING_PAGES
    label("ring");
    put("89 17 81 c7").putInt(4096); // mov [edi], edx; add edi, 4096
    put("49"); // dec ecx
    jump("75", "ring"); // jnz
    put("83 f8 02"); // cmp eax, HURRY
    jump("74", "main"); // je
    label("sleep");
    put("31 c9 fb f4 fa"); // xor ecx, ecx (the same flags always); sti; hlt; cli
    jump("eb", "main"); // jmp
    label("tick");
    put("b0 20 e6 20 cf"); // out 20, 20: end of interrupt; iret
  }

  private void tables() {
    label("gdt");
    code.putLong(0).putLong(0x00cf9a000000ffffL).putLong(0x00cf92000000ffffL); // code, data: 4 GiB
    label("bootGdtr");
    code.putShort((short) 23).putInt(BOOT + at("gdt"));
    label("gdtr");
    code.putShort((short) 23).putInt(up("gdt"));
    label("idtr");
    code.putShort((short) (8 * TIMER_VECTOR + 7)).putInt(up("timerGate") - 8 * TIMER_VECTOR);
    label("timerGate");
    code.putShort((short) up("tick")).putShort((short) 8);
    code.putShort((short) 0x8e00).putShort((short) (up("tick") >>> 16)); // interrupt gate
  }

  private ByteBuffer put(String hex) {
    return code.put(HexFormat.of().parseHex(hex.replace(" ", "")));
  }

  private void label(String name) {
    labels.put(name, code.position());
  }

  /** Offset of a label in the sector. */
  private int at(String label) {
    return labels.getOrDefault(label, 0);
  }

  /** Address of a label once the program has moved. */
  private int up(String label) {
    return (int) START + at(label);
  }

  private void jump(String opcode, String label) {
    put(opcode).put((byte) (at(label) - code.position() - 1));
  }
}
