package io.ramtide.scanner.windows.module;

import io.ramtide.scanner.memory.PhysicalMemory;
import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.GuestText;
import io.ramtide.scanner.windows.guest.Struct;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A loaded kernel module, as its loader entry (KLDR_DATA_TABLE_ENTRY, whose fields up to
 * BaseDllName are those of LDR_DATA_TABLE_ENTRY) has it.
 *
 * @param entry the loader entry
 * @param base VA
 * @param size bytes; empty if it cannot be read or no image can be so large
 * @param entryPoint VA; empty if it cannot be read or there is none
 */
public record KernelModule(
    Struct entry,
    long base,
    OptionalLong size,
    OptionalLong entryPoint,
    GuestText name,
    GuestText path) {
  /** Kernel images end far below this. */
  static final long MAX_SIZE = 1 << 30;

  private static final String TYPE = "LDR_DATA_TABLE_ENTRY";
  private static final String LINKS = "InLoadOrderLinks";
  private static final int MZ = 0x5a4d;

  /** The module whose InLoadOrderLinks are at {@code links}; empty if nothing is loaded there. */
  static Optional<KernelModule> atLinks(Guest guest, long links) {
    return at(guest, links - guest.type(TYPE).offset(LINKS));
  }

  /** The module of the loader entry at a VA; empty if no image of the kernel is loaded by it. */
  static Optional<KernelModule> at(Guest guest, long va) {
    Struct entry = guest.struct(TYPE, va);
    OptionalLong base = entry.u64("DllBase");
    if (base.isEmpty()
        || !guest.isKernelAddress(base.getAsLong())
        || base.getAsLong() % PhysicalMemory.FRAME_BYTES != 0) {
      return Optional.empty();
    }
    OptionalLong size = entry.u32("SizeOfImage");
    boolean isPossible =
        size.isPresent()
            && size.getAsLong() > 0
            && size.getAsLong() <= MAX_SIZE
            && base.getAsLong() + size.getAsLong() <= 0;
    OptionalLong entryPoint = entry.u64("EntryPoint");
    return Optional.of(
        new KernelModule(
            entry,
            base.getAsLong(),
            isPossible ? size : OptionalLong.empty(),
            entryPoint.isPresent() && entryPoint.getAsLong() != 0
                ? entryPoint
                : OptionalLong.empty(),
            text(entry, "BaseDllName"),
            text(entry, "FullDllName")));
  }

  private static GuestText text(Struct entry, String field) {
    return GuestText.unicodeString(entry.space(), entry.address(field), GuestText.MAX_NAME);
  }

  /** VA of its InLoadOrderLinks. */
  long links() {
    return entry.address(LINKS);
  }

  /**
   * Whether it is a module, judged by itself alone: other things in the pool have the tag of loader
   * entries too. It has a name, or an image is where it says.
   */
  boolean isPlausible() {
    return size.isPresent()
        && (hasName() || entry.space().dword(base).orElse(0) % (1 << Short.SIZE) == MZ);
  }

  private boolean hasName() {
    return name.value() != null
        && !name.value().isEmpty()
        && name.value().chars().noneMatch(Character::isISOControl);
  }

  /** Whether another entry of a list leads to it. */
  boolean isLinked() {
    OptionalLong next = entry.space().qword(links());
    OptionalLong previous = entry.space().qword(links() + Long.BYTES);
    return leadsHere(next, Long.BYTES) || leadsHere(previous, 0);
  }

  private boolean leadsHere(OptionalLong neighbour, int offset) {
    return neighbour.isPresent()
        && neighbour.getAsLong() != links()
        && entry.space().qword(neighbour.getAsLong() + offset).equals(OptionalLong.of(links()));
  }
}
