package io.ramtide.scanner.windows.kernel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ramtide.scanner.memory.FrameReader;
import io.ramtide.scanner.memory.PhysicalMemory;
import io.ramtide.scanner.paging.AddressSpace;
import io.ramtide.scanner.paging.PagingMode;
import io.ramtide.scanner.symbols.KernelSymbols;
import io.ramtide.scanner.symbols.StructType;
import io.ramtide.scanner.symbols.SymbolStore;
import io.ramtide.scanner.windows.scan.GuestScan;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * KDDEBUGGER_DATA64 (KDBG): the kernel's addresses for debuggers. In the clear on Windows 7, or
 * later with a debugger attached; else encoded, eight bytes at a time: {@code plain =
 * bswap(rol(stored ^ KiWaitNever, KiWaitNever & 0xff) ^ address of KdpDataBlockEncoded) ^
 * KiWaitAlways}. Source of the formula: Volatility 2, win8_kdbg.py.
 *
 * @param kernelBase VA
 * @param activeProcessHead VA of PsActiveProcessHead
 * @param variables VAs in the kernel's image, by the names that the block has for them
 * @param isEncoded whether it had to be decoded
 */
public record DebuggerBlock(
    long kernelBase, long activeProcessHead, Map<String, Long> variables, boolean isEncoded) {
  private static final int MAX_BLOCKS = 64;
  private static final String FILE = "kdbg.json";

  /** The block, as data. */
  private record Facts(int size, Map<String, Integer> variables) {
    static final Facts SHIPPED = load();

    private static Facts load() {
      try (InputStream in = DebuggerBlock.class.getResourceAsStream(FILE)) {
        if (in == null) {
          throw new IllegalStateException("the scanner's jar lacks its data file " + FILE);
        }
        JsonNode json = new ObjectMapper().readTree(in);
        Map<String, Integer> variables = new HashMap<>();
        json.path("variables")
            .properties()
            .forEach(
                each -> variables.put(each.getKey(), Integer.decode(each.getValue().asText())));
        return new Facts(Integer.decode(json.path("size").asText()), variables);
      } catch (IOException e) {
        throw new UncheckedIOException("data file " + FILE + " cannot be read", e);
      }
    }
  }

  public DebuggerBlock {
    variables = Map.copyOf(variables);
  }

  /** VA of PsLoadedModuleList; 0 where it names none in the image. */
  public long loadedModuleList() {
    return variables.getOrDefault("PsLoadedModuleList", 0L);
  }

  /** The plausible ones among the scan's hits: pointers of the kernel half, a page-aligned base. */
  public static List<DebuggerBlock> read(GuestScan scan, FrameReader frames, PagingMode mode) {
    int tag = type().offset("OwnerTag");
    List<DebuggerBlock> blocks = new ArrayList<>();
    for (long hit : scan.debuggerBlocks()) {
      byte[] bytes = new byte[Facts.SHIPPED.size()];
      long gpa = hit - tag;
      if (gpa >= 0) {
        int known = frames.read(gpa, bytes, 0, bytes.length);
        plausible(bytes, known, mode, false).ifPresent(blocks::add);
      }
      if (blocks.size() == MAX_BLOCKS) {
        break;
      }
    }
    return blocks;
  }

  /** The encoded block of a kernel whose symbols are known; empty if it is not, or not readable. */
  static Optional<DebuggerBlock> decode(AddressSpace space, long base, KernelSymbols symbols) {
    OptionalLong block = symbols.rva("KdDebuggerDataBlock");
    OptionalLong encoded = symbols.rva("KdpDataBlockEncoded");
    OptionalLong never = value(space, base, symbols.rva("KiWaitNever"));
    OptionalLong always = value(space, base, symbols.rva("KiWaitAlways"));
    if (block.isEmpty() || encoded.isEmpty() || never.isEmpty() || always.isEmpty()) {
      return Optional.empty();
    }
    byte[] bytes = new byte[Facts.SHIPPED.size()];
    int known = space.read(base + block.getAsLong(), bytes, 0, bytes.length).bytes();
    ByteBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long key = never.getAsLong();
    for (int at = 0; at + Long.BYTES <= known; at += Long.BYTES) {
      long rolled = Long.rotateLeft(words.getLong(at) ^ key, (int) (key & 0xff));
      long plain = Long.reverseBytes(rolled ^ (base + encoded.getAsLong()));
      words.putLong(at, plain ^ always.getAsLong());
    }
    int ownerTag = words.getInt(type().offset("OwnerTag"));
    return ownerTag == GuestScan.KDBG_TAG
        ? plausible(bytes, known, space.mode(), true).filter(found -> found.kernelBase == base)
        : Optional.empty();
  }

  private static OptionalLong value(AddressSpace space, long base, OptionalLong rva) {
    return rva.isPresent() ? space.qword(base + rva.getAsLong()) : rva;
  }

  private static Optional<DebuggerBlock> plausible(
      byte[] bytes, int known, PagingMode mode, boolean isEncoded) {
    int head = type().offset("PsActiveProcessHead");
    if (known < head + Long.BYTES) {
      return Optional.empty();
    }
    ByteBuffer block = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long base = block.getLong(type().offset("KernBase"));
    if (!mode.isKernel(base)
        || base % PhysicalMemory.FRAME_BYTES != 0
        || !isInImage(base, block.getLong(head))) {
      return Optional.empty();
    }
    Map<String, Long> variables = new HashMap<>();
    Facts.SHIPPED
        .variables()
        .forEach(
            (name, offset) -> {
              if (offset + Long.BYTES <= known && isInImage(base, block.getLong(offset))) {
                variables.put(name, block.getLong(offset));
              }
            });
    return Optional.of(new DebuggerBlock(base, block.getLong(head), variables, isEncoded));
  }

  private static boolean isInImage(long base, long va) {
    return va > base && va - base < PeImage.MAX_SIZE;
  }

  private static StructType type() {
    return SymbolStore.shipped().common().type("KDDEBUGGER_DATA64");
  }
}
