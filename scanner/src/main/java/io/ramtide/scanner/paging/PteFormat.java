package io.ramtide.scanner.paging;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * How a build of Windows writes page-table entries that are not valid for the processor, as data.
 * An entry is eight bytes, little-endian.
 *
 * @param pageFrame of an entry in transition: number of its frame
 * @param prototypeAddress low bits of a kernel address, which is sign-extended
 * @param subsectionAddress the same, in a prototype PTE
 * @param swizzle set: the entry is as it looks; clear: {@code invalidMask} is set in it besides
 * @param inStore the page is in the memory-compression store; until Windows 8.1
 * @param decommitted value of the protection of an address without memory
 * @param invalidMask MiState's InvalidPteMask, against L1TF; 0 if the guest has none
 * @param stores bit n: pagefile n is virtual, its pages are in the memory-compression store
 */
public record PteFormat(
    Bits protection,
    Bits prototype,
    Bits transition,
    Bits pageFrame,
    Bits prototypeAddress,
    Bits subsectionAddress,
    Bits pageFileLow,
    Bits pageFileHigh,
    Optional<Bits> swizzle,
    Optional<Bits> inStore,
    int decommitted,
    long invalidMask,
    int stores) {

  private static final int PAGE_SHIFT = 12;

  /** Bits of an entry. */
  public record Bits(int first, int count) {
    public Bits {
      if (first < 0 || count < 1 || first + count > Long.SIZE) {
        throw new IllegalArgumentException("no bits of an entry: %d:%d".formatted(first, count));
      }
    }

    long in(long entry) {
      return (entry >>> first) & (-1L >>> (Long.SIZE - count));
    }

    boolean isSet(long entry) {
      return in(entry) != 0;
    }

    boolean isFull(long entry) {
      return in(entry) == -1L >>> (Long.SIZE - count);
    }

    /** As an address whose high bits repeat its highest. */
    long signed(long entry) {
      int unused = Long.SIZE - count;
      return in(entry) << unused >> unused;
    }
  }

  private static final class Holder {
    private static final PteFormat COMMON = load("ptes.json");
  }

  /** What all builds have in common, for as long as the build is not known. */
  public static PteFormat common() {
    return Holder.COMMON;
  }

  private static PteFormat load(String file) {
    try (InputStream in = PteFormat.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("the scanner's jar lacks its data file " + file);
      }
      JsonNode json = new ObjectMapper().readTree(in);
      JsonNode bits = json.path("bits");
      return new PteFormat(
          bits(bits, "protection"),
          bits(bits, "prototype"),
          bits(bits, "transition"),
          bits(bits, "pageFrame"),
          bits(bits, "prototypeAddress"),
          bits(bits, "subsectionAddress"),
          bits(bits, "pageFileLow"),
          bits(bits, "pageFileHigh"),
          Optional.empty(),
          Optional.empty(),
          json.path("decommitted").asInt(),
          0,
          0);
    } catch (IOException e) {
      throw new UncheckedIOException("data file " + file + " cannot be read", e);
    }
  }

  /** "10:1": first bit and number of bits. */
  private static Bits bits(JsonNode json, String name) {
    String[] parts = json.path(name).asText().split(":", -1);
    return new Bits(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
  }

  /** Meaning of an entry of a page table that is not valid for the processor. */
  public SoftwarePte decode(long entry) {
    return decode(entry, false);
  }

  /**
   * Meaning of a prototype PTE that is not valid: its prototype bit says that the page is in a
   * file.
   */
  public SoftwarePte decodePrototype(long entry) {
    return decode(entry, true);
  }

  private SoftwarePte decode(long raw, boolean isPrototypePte) {
    if (raw == 0) {
      return SoftwarePte.of(PteState.UNMAPPED);
    }
    long entry = unswizzled(raw);
    if (!isPrototypePte && pageFileHigh.isFull(entry)) {
      return SoftwarePte.of(PteState.VAD_PROTOTYPE);
    }
    if (prototype.isSet(entry)) {
      return isPrototypePte
          ? new SoftwarePte(PteState.IN_FILE, subsectionAddress.signed(entry), 0)
          : new SoftwarePte(PteState.PROTOTYPE, prototypeAddress.signed(entry), 0);
    }
    if (transition.isSet(entry)) {
      return new SoftwarePte(PteState.TRANSITION, pageFrame.in(entry) << PAGE_SHIFT, 0);
    }
    return paged(entry);
  }

  private SoftwarePte paged(long entry) {
    long page = pageFileHigh.in(entry);
    int number = (int) pageFileLow.in(entry);
    boolean stored = inStore.isPresent() && inStore.get().isSet(entry);
    if (stored || (page != 0 && (stores >>> number & 1) != 0)) {
      return new SoftwarePte(PteState.COMPRESSED, page << PAGE_SHIFT, number);
    }
    if (page != 0) {
      return new SoftwarePte(PteState.PAGEFILE, page << PAGE_SHIFT, number);
    }
    boolean hasMemory = protection.isSet(entry) && protection.in(entry) != decommitted;
    return SoftwarePte.of(hasMemory ? PteState.DEMAND_ZERO : PteState.UNMAPPED);
  }

  private long unswizzled(long entry) {
    return swizzle.isPresent() && !swizzle.get().isSet(entry) ? entry & ~invalidMask : entry;
  }
}
