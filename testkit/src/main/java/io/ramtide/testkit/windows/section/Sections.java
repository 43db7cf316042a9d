package io.ramtide.testkit.windows.section;

import io.ramtide.testkit.windows.KernelSpace;
import io.ramtide.testkit.windows.Struct;
import io.ramtide.testkit.windows.image.PeHeader;
import io.ramtide.testkit.windows.object.Files;
import io.ramtide.testkit.windows.object.KernelObject;
import io.ramtide.testkit.windows.object.ObjectManager;
import io.ramtide.testkit.windows.pool.Pool;
import io.ramtide.testkit.windows.pool.PoolBlock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Sections, made once and shared by all who map them: control area with its subsection, segment,
 * prototype entries, file object, section object. Of each, pages 0, 1, 2 and 5 are in RAM and
 * valid, page 3 is in transition, page 4 in its file, the others were never touched.
 */
public final class Sections {

  private static final int IN_FILE = 4;
  private static final int IN_TRANSITION = 3;
  private static final int IN_RAM = 6; // pages that prototype entries are written for
  private static final long VALID = 0x8000_0000_0000_0121L; // global, accessed, not executable

  private final KernelSpace space;
  private final ObjectManager objects;
  private final Files files;
  private final Pool nonPaged;
  private final Pool paged;
  private final Entries entries;
  private final Map<String, Section> known = new HashMap<>();

  public Sections(
      KernelSpace space, ObjectManager objects, Files files, Pool nonPaged, Pool paged) {
    this.space = space;
    this.objects = objects;
    this.files = files;
    this.nonPaged = nonPaged;
    this.paged = paged;
    entries = new Entries(space);
  }

  /** The section of an executable image. */
  public Section image(String path, long base, int pages, boolean wide) {
    return known.computeIfAbsent(path, p -> create(p, true, base, pages, wide));
  }

  /** The section of a data file. */
  public Section data(String path, int pages) {
    return known.computeIfAbsent(path, p -> create(p, false, 0, pages, true));
  }

  /** A section that the page file backs. */
  public Section anonymous(String name, int pages) {
    return known.computeIfAbsent("?" + name, p -> create(null, false, 0, pages, true));
  }

  private Section create(String path, boolean image, long base, int pages, boolean wide) {
    int controlBytes = space.facts.size("_CONTROL_AREA") + 15 & -16;
    PoolBlock control =
        nonPaged.allocate(
            space.facts.tag(image ? "controlAreaImage" : "controlArea"),
            controlBytes + space.facts.size("_SUBSECTION"),
            PoolBlock.NON_PAGED);
    long controlArea = control.body();
    long subsection = controlArea + controlBytes;
    long segment = block("prototypes", space.facts.size("_SEGMENT"));
    long prototypes = block("prototypes", 8 * pages);
    long fileVa = 0;
    if (path != null) {
      KernelObject file = files.open(Files.VOLUME, path, image ? "R--r-d" : "R--r--");
      fileVa = file.va();
      long pointers = space.struct("_FILE_OBJECT", fileVa).u64("SectionObjectPointer");
      space
          .struct("_SECTION_OBJECT_POINTERS", pointers)
          .u64(image ? "ImageSectionObject" : "DataSectionObject", controlArea);
    }
    Struct area =
        space
            .struct("_CONTROL_AREA", controlArea)
            .u64("Segment", segment)
            .u64("NumberOfSectionReferences", 1)
            .u64("FilePointer", fileVa == 0 ? 0 : fileVa | 7);
    area.bits("Image", image ? 1 : 0).bits("File", path == null ? 0 : 1);
    space
        .struct("_SEGMENT", segment)
        .u64("ControlArea", controlArea)
        .u32("TotalNumberOfPtes", pages)
        .u64("SizeOfSegment", (long) pages << 12)
        .u64("BasedAddress", base)
        .u64("PrototypePte", prototypes);
    space
        .struct("_SUBSECTION", subsection)
        .u64("ControlArea", controlArea)
        .u64("SubsectionBase", prototypes)
        .u32("PtesInSubsection", pages);
    List<Long> frames = new ArrayList<>(Collections.nCopies(IN_RAM, 0L));
    for (int page = 0; page < Math.min(IN_RAM, pages); page++) {
      if (path == null && page > 0) {
        space.kernel.putLong(prototypes + 8L * page, entries.demandZero());
      } else if (page == IN_FILE) {
        space.kernel.putLong(prototypes + 8L * page, entries.subsection(subsection));
      } else {
        long gpa = space.frames.allocate();
        frames.set(page, gpa);
        space.ram.putLong(gpa, base + ((long) page << 12));
        space.kernel.putLong(
            prototypes + 8L * page, page == IN_TRANSITION ? entries.transition(gpa) : gpa | VALID);
      }
    }
    if (image) {
      space.ram.put(frames.get(0), PeHeader.bytes(base, (long) pages << 12, 0x1200, wide));
    }
    return new Section(
        path,
        image,
        base,
        pages,
        subsection,
        prototypes,
        fileVa,
        sectionObject(controlArea, segment, pages, image),
        frames);
  }

  private long sectionObject(long controlArea, long segment, int pages, boolean image) {
    boolean late = space.facts.hasType("_SECTION");
    String type = late ? "_SECTION" : "_SECTION_OBJECT";
    KernelObject section = objects.create("Section", space.facts.size(type));
    Struct body = space.struct(type, section.va());
    if (late) {
      body.u64("ControlArea", controlArea)
          .u64("SizeOfSection", (long) pages << 12)
          .bits("Image", image ? 1 : 0);
    } else {
      body.u64("Segment", segment);
    }
    return section.va();
  }

  private long block(String tag, int size) {
    return paged.allocate(space.facts.tag(tag), size, PoolBlock.PAGED).body();
  }
}
