package io.ramtide.scanner.windows.vad;

import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.GuestText;
import io.ramtide.scanner.windows.guest.Struct;
import io.ramtide.scanner.windows.guest.TextCache;
import java.util.OptionalLong;

/**
 * Names of files behind sections: SUBSECTION, CONTROL_AREA, FILE_OBJECT. Kept by control area,
 * since processes share them.
 */
public final class MappedFiles {
  private static final long REFERENCE_BITS = 0xf;
  private static final int UNITS = GuestText.MAX_NAME;

  private final Guest guest;
  private final TextCache byControlArea = new TextCache();

  private MappedFiles(Guest guest) {
    this.guest = guest;
  }

  public static MappedFiles of(Guest guest) {
    return guest.once(MappedFiles.class, MappedFiles::new);
  }

  /**
   * Name of the file that a VAD maps, as FILE_OBJECT.FileName has it: without its device; {@link
   * GuestText#NONE} if it maps none.
   */
  GuestText ofVad(Vad vad) {
    if (vad.subsection() == 0) {
      return GuestText.NONE;
    }
    Struct subsection = guest.struct("SUBSECTION", vad.subsection());
    OptionalLong area = subsection.u64("ControlArea");
    if (area.isEmpty()) {
      return GuestText.missing(subsection.gap("ControlArea").orElseThrow());
    }
    boolean isTold = VadFacts.shipped().longTags().contains(vad.tag());
    if (!isTold && !isControlArea(area.getAsLong())) {
      return GuestText.NONE;
    }
    return ofControlArea(area.getAsLong());
  }

  /** Whether its segment refers back to it. */
  public boolean isControlArea(long va) {
    if (!guest.isKernelAddress(va)) {
      return false;
    }
    OptionalLong segment = guest.struct("CONTROL_AREA", va).u64("Segment");
    return segment.isPresent()
        && guest.isKernelAddress(segment.getAsLong())
        && guest
            .space()
            .qword(segment.getAsLong() + guest.type("SEGMENT").offset("ControlArea"))
            .equals(OptionalLong.of(va));
  }

  /** Name of the file behind a CONTROL_AREA; {@link GuestText#NONE} if a pagefile backs it. */
  public GuestText ofControlArea(long va) {
    GuestText known = byControlArea.get(va);
    if (known == null) {
      known = read(va);
      byControlArea.put(va, known);
    }
    return known;
  }

  private GuestText read(long va) {
    if (!guest.isKernelAddress(va)) {
      return GuestText.missing("no control area");
    }
    Struct area = guest.struct("CONTROL_AREA", va);
    OptionalLong file = area.u64("FilePointer");
    return file.isEmpty()
        ? GuestText.missing(area.gap("FilePointer").orElseThrow())
        : ofReference(file.getAsLong());
  }

  /**
   * FileName of the FILE_OBJECT that a pointer, or an EX_FAST_REF with its count in the low bits,
   * refers to; {@link GuestText#NONE} for null.
   */
  public GuestText ofReference(long reference) {
    long va = reference & ~REFERENCE_BITS;
    if (va == 0) {
      return GuestText.NONE;
    }
    if (!guest.isKernelAddress(va)) {
      return GuestText.missing("no file object");
    }
    Struct file = guest.struct("FILE_OBJECT", va);
    if (file.u16("Type").isEmpty()) {
      return GuestText.missing(file.gap("Type").orElseThrow());
    }
    return file.u16("Type").getAsInt() == VadFacts.shipped().fileObjectType()
        ? GuestText.unicodeString(guest.space(), file.address("FileName"), UNITS)
        : GuestText.missing("no file object");
  }
}
