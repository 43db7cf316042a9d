package io.ramtide.scanner.windows.user;

import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.GuestProcess;
import io.ramtide.scanner.windows.guest.GuestText;
import io.ramtide.scanner.windows.guest.Struct;
import io.ramtide.scanner.windows.vad.MappedFiles;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The file of a process's image as the kernel has it, by the first that names one:
 * EPROCESS.SeAuditProcessCreationInfo (with its device), ImageFilePointer (Windows 10 on), the
 * section's control area.
 */
final class ImageFile {
  private static final long FLAG_BITS = 0xf;

  private ImageFile() {}

  /** NONE for a process without image; the first reason, if no way leads to a name. */
  static GuestText of(GuestProcess process) {
    Optional<Struct> object = process.object();
    if (object.isEmpty()) {
      return GuestText.missing("EPROCESS has no known address");
    }
    GuestText audit = audit(process.guest(), object.get());
    if (names(audit)) {
      return audit;
    }
    GuestText pointer = pointer(process.guest(), object.get());
    if (names(pointer)) {
      return pointer;
    }
    GuestText section = section(process.guest(), object.get());
    if (names(section)) {
      return section;
    }
    for (GuestText text : new GuestText[] {audit, pointer, section}) {
      if (text.status() != null) {
        return text;
      }
    }
    return GuestText.NONE;
  }

  private static boolean names(GuestText text) {
    return text.value() != null && !text.value().isEmpty();
  }

  private static GuestText audit(Guest guest, Struct process) {
    if (!process.has("SeAuditProcessCreationInfo")) {
      return GuestText.NONE;
    }
    int offset = guest.type("SE_AUDIT_PROCESS_CREATION_INFO").offset("ImageFileName");
    OptionalLong name = guest.space().qword(process.address("SeAuditProcessCreationInfo") + offset);
    if (name.isEmpty()) {
      return GuestText.missing(process.gap("SeAuditProcessCreationInfo").orElseThrow());
    }
    if (name.getAsLong() == 0) {
      return GuestText.NONE;
    }
    if (!guest.isKernelAddress(name.getAsLong())) {
      return GuestText.missing("not a text");
    }
    long text = name.getAsLong() + guest.type("OBJECT_NAME_INFORMATION").offset("Name");
    return GuestText.unicodeString(guest.space(), text, GuestText.MAX_NAME);
  }

  private static GuestText pointer(Guest guest, Struct process) {
    if (!process.has("ImageFilePointer")) {
      return GuestText.NONE;
    }
    OptionalLong file = process.u64("ImageFilePointer");
    return file.isEmpty()
        ? GuestText.missing(process.gap("ImageFilePointer").orElseThrow())
        : MappedFiles.of(guest).ofReference(file.getAsLong());
  }

  private static GuestText section(Guest guest, Struct process) {
    long section = process.has("SectionObject") ? process.u64("SectionObject").orElse(0) : 0;
    if (!guest.isKernelAddress(section)) {
      return GuestText.NONE;
    }
    long area = guest.layout().has("SECTION") ? area(guest, section) : oldArea(guest, section);
    MappedFiles files = MappedFiles.of(guest);
    return files.isControlArea(area) ? files.ofControlArea(area) : GuestText.NONE;
  }

  /** Windows 10 on: the section has the control area, with flags in its low bits. */
  private static long area(Guest guest, long section) {
    return guest.struct("SECTION", section).u64("u1").orElse(0) & ~FLAG_BITS;
  }

  /** Before: the section has the segment. */
  private static long oldArea(Guest guest, long section) {
    if (!guest.layout().has("SECTION_OBJECT")) {
      return 0;
    }
    long segment = guest.struct("SECTION_OBJECT", section).u64("Segment").orElse(0);
    return guest.isKernelAddress(segment)
        ? guest.struct("SEGMENT", segment).u64("ControlArea").orElse(0)
        : 0;
  }
}
