package io.ramtide.scanner.windows.kernel;

import io.ramtide.scanner.paging.AddressSpace;
import io.ramtide.scanner.paging.PteFormat;
import io.ramtide.scanner.paging.PteFormat.Bits;
import io.ramtide.scanner.symbols.Layout;
import io.ramtide.scanner.symbols.StructType;
import java.util.Optional;
import java.util.OptionalLong;

/** How a kernel writes its page-table entries: by its layout, and by its own variables. */
final class KernelPtes {
  private static final String SOFTWARE = "MMPTE_SOFTWARE";
  private static final String SYSTEM = "MI_SYSTEM_INFORMATION";
  private static final String MASK = "Hardware.InvalidPteMask";
  private static final String PARTITION = "MI_PARTITION";
  private static final String PAGING_FILES = "Vp.PagingFile";
  private static final String PAGING_FILE = "MMPAGING_FILE";

  private final Kernel kernel;
  private final Layout layout;

  private KernelPtes(Kernel kernel, Layout layout) {
    this.kernel = kernel;
    this.layout = layout;
  }

  /** What the layout or the kernel's memory does not say stays as all builds have it. */
  static PteFormat of(Kernel kernel, Layout layout) {
    return new KernelPtes(kernel, layout).format();
  }

  private PteFormat format() {
    PteFormat common = PteFormat.common();
    return new PteFormat(
        bits(SOFTWARE, "Protection").orElse(common.protection()),
        bits(SOFTWARE, "Prototype").orElse(common.prototype()),
        bits(SOFTWARE, "Transition").orElse(common.transition()),
        bits("MMPTE_TRANSITION", "PageFrameNumber").orElse(common.pageFrame()),
        bits("MMPTE_PROTOTYPE", "ProtoAddress").orElse(common.prototypeAddress()),
        bits("MMPTE_SUBSECTION", "SubsectionAddress").orElse(common.subsectionAddress()),
        bits(SOFTWARE, "PageFileLow").orElse(common.pageFileLow()),
        bits(SOFTWARE, "PageFileHigh").orElse(common.pageFileHigh()),
        bits(SOFTWARE, "SwizzleBit"),
        bits(SOFTWARE, "InStore"),
        common.decommitted(),
        invalidMask(),
        stores());
  }

  private Optional<Bits> bits(String type, String field) {
    if (!layout.has(type) || !layout.type(type).has(field)) {
      return Optional.empty();
    }
    StructType.Field place = layout.type(type).field(field);
    return Optional.of(new Bits(8 * place.offset() + place.firstBit(), place.bits()));
  }

  /** A variable of its own up to Windows 8.1, later a field of MiState. */
  private long invalidMask() {
    OptionalLong variable = kernel.symbol("MiInvalidPteMask");
    if (variable.isEmpty() && layout.has(SYSTEM) && layout.type(SYSTEM).has(MASK)) {
      OptionalLong state = kernel.symbol("MiState");
      if (state.isPresent()) {
        variable = OptionalLong.of(state.getAsLong() + layout.type(SYSTEM).offset(MASK));
      }
    }
    return variable.isEmpty() ? 0 : kernel.space().qword(variable.getAsLong()).orElse(0);
  }

  /** Numbers of the virtual pagefiles, as bits. */
  private int stores() {
    OptionalLong partition = kernel.symbol("MiSystemPartition");
    if (partition.isEmpty()
        || !layout.has(PARTITION)
        || !layout.type(PARTITION).has(PAGING_FILES)
        || !layout.has(PAGING_FILE)
        || !layout.type(PAGING_FILE).has("VirtualStorePagefile")) {
      return 0;
    }
    AddressSpace space = kernel.space();
    long files = partition.getAsLong() + layout.type(PARTITION).offset(PAGING_FILES);
    StructType.Field isVirtual = layout.type(PAGING_FILE).field("VirtualStorePagefile");
    StructType.Field number = layout.type(PAGING_FILE).field("PageFileNumber");
    int count = 1 << bits(SOFTWARE, "PageFileLow").map(Bits::count).orElse(0);
    int stores = 0;
    for (int i = 0; i < Math.min(count, Integer.SIZE); i++) {
      OptionalLong file = space.qword(files + (long) i * Long.BYTES);
      if (file.isEmpty() || !kernel.isKernelAddress(file.getAsLong())) {
        continue;
      }
      OptionalLong flags = space.dword(file.getAsLong() + isVirtual.offset());
      OptionalLong numbers = space.dword(file.getAsLong() + number.offset());
      if (flags.isPresent()
          && numbers.isPresent()
          && isVirtual.in(flags.getAsLong()) != 0
          && number.in(numbers.getAsLong()) == i) {
        stores |= 1 << i;
      }
    }
    return stores;
  }
}
