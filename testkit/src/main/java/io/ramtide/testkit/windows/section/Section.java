package io.ramtide.testkit.windows.section;

import java.util.List;

/**
 * What is mapped into processes: an image, a data file, or memory backed by the page file.
 *
 * @param path path on the volume; null without a file
 * @param image whether it is an executable image
 * @param base VA it is mapped at in every process; 0 for data
 * @param pages its length
 * @param subsection VA of its SUBSECTION
 * @param prototypes VA of its array of prototype page table entries
 * @param fileVa VA of its FILE_OBJECT, 0 without
 * @param sectionVa VA of the section object
 * @param frames GPAs of its pages in RAM, by page number; 0: not in RAM
 */
public record Section(
    String path,
    boolean image,
    long base,
    int pages,
    long subsection,
    long prototypes,
    long fileVa,
    long sectionVa,
    List<Long> frames) {}
