package io.ramtide.scanner.windows.user;

import io.ramtide.scanner.symbols.StructType;
import io.ramtide.scanner.windows.guest.TinyGuest;
import java.util.List;

/** Writes a PEB, its parameters and loader lists by hand: 64-bit, or 32-bit for WoW64. */
final class TinyUser {
  static final long NATIVE = 0x10_0000_0000L;
  static final long WOW64 = 0x0030_0000L;
  private static final int ENTRY_ROOM = 0x400;

  final TinyGuest guest;
  final UserLayout layout;
  final long peb;
  final long parameters;
  final long loader;
  private final long entries;
  private long nextText;

  TinyUser(TinyGuest guest, boolean wow64) {
    this.guest = guest;
    long base = wow64 ? WOW64 : NATIVE;
    this.layout =
        wow64
            ? UserLayout.ofWow64(guest.process().guest())
            : UserLayout.ofNative(guest.process().guest());
    this.peb = base;
    this.parameters = base + 0x2000;
    this.loader = base + 0x4000;
    this.entries = base + 0x10000;
    this.nextText = base + 0x40000;
    guest.map(peb, 0x6000);
    guest.put(peb + layout.peb().offset("ProcessParameters"), pointer(), parameters);
    guest.put(peb + layout.peb().offset("Ldr"), pointer(), loader);
    guest.put(parameters + layout.parameters().offset("Flags"), 4, 1);
    if (!wow64) {
      guest.pointer("EPROCESS", guest.process, "Peb", peb);
    }
    link(List.of(), List.of(), List.of());
  }

  int pointer() {
    return layout.pointerBytes();
  }

  long field(String name) {
    return parameters + layout.parameters().offset(name);
  }

  void parameter(String field, String text) {
    nextText += 0x1000;
    guest.string(field(field), nextText, text, pointer());
  }

  long entry(int number) {
    return entries + (long) number * ENTRY_ROOM;
  }

  long entryField(int number, String field) {
    return entry(number) + layout.entry().offset(field);
  }

  void module(int number, long base, String name) {
    guest.map(entry(number), layout.entry().size());
    guest.put(entryField(number, "DllBase"), pointer(), base);
    guest.put(entryField(number, "SizeOfImage"), 4, 0x3000);
    guest.put(entryField(number, "EntryPoint"), pointer(), base + 0x1000);
    guest.put(entryField(number, "LoadTime"), 8, 131_860_526_761_505_463L);
    nextText += 0x1000;
    guest.string(entryField(number, "BaseDllName"), nextText, name, pointer());
    nextText += 0x1000;
    guest.string(entryField(number, "FullDllName"), nextText, "C:\\" + name, pointer());
  }

  void link(List<Integer> load, List<Integer> memory, List<Integer> init) {
    ring("InLoadOrderModuleList", "InLoadOrderLinks", load);
    ring("InMemoryOrderModuleList", "InMemoryOrderLinks", memory);
    ring("InInitializationOrderModuleList", "InInitializationOrderLinks", init);
  }

  private void ring(String head, String links, List<Integer> numbers) {
    StructType data = layout.loader();
    long at = loader + data.offset(head);
    long first = at;
    for (int number : numbers) {
      at = connect(at, entryField(number, links));
    }
    connect(at, first);
  }

  long connect(long from, long to) {
    guest.put(from, pointer(), to);
    guest.put(to + pointer(), pointer(), from);
    return to;
  }
}
