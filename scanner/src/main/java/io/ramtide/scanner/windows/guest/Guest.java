package io.ramtide.scanner.windows.guest;

import io.ramtide.scanner.memory.FrameReader;
import io.ramtide.scanner.memory.FrameSet;
import io.ramtide.scanner.paging.AddressSpace;
import io.ramtide.scanner.paging.VadLookup;
import io.ramtide.scanner.symbols.Layout;
import io.ramtide.scanner.symbols.StructType;
import io.ramtide.scanner.symbols.SymbolStore;
import io.ramtide.scanner.windows.kernel.Kernel;
import io.ramtide.scanner.windows.scan.GuestScan;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;

/** A guest whose kernel and layout are known. Not thread-safe. */
public final class Guest {
  private final Kernel kernel;
  private final Layout layout;
  private final GuestScan scan;
  private final FrameReader frames;
  private final FrameSet changed;
  private final Request request;
  private final Memo memo;
  private final SymbolStore symbols;
  private final Map<Class<?>, Object> facts = new HashMap<>();

  /**
   * @param kernel as it was found; {@link #kernel()} reads page tables as the layout has them
   * @param scan what the one pass over its memory found
   * @param frames shared by every address space of the guest
   */
  public Guest(Kernel kernel, Layout layout, GuestScan scan, FrameReader frames) {
    this(kernel, layout, scan, frames, FrameSet.ALL, Request.of(What.all()), new Memo());
  }

  /**
   * @param changed frames that changed since {@code memo} was last used
   * @param request what is asked of it
   * @param memo what decoders kept of this memory
   */
  public Guest(
      Kernel kernel,
      Layout layout,
      GuestScan scan,
      FrameReader frames,
      FrameSet changed,
      Request request,
      Memo memo) {
    this(kernel, layout, scan, frames, changed, request, memo, SymbolStore.shipped());
  }

  /**
   * @param symbols of modules other than the kernel
   */
  public Guest(
      Kernel kernel,
      Layout layout,
      GuestScan scan,
      FrameReader frames,
      FrameSet changed,
      Request request,
      Memo memo,
      SymbolStore symbols) {
    this.kernel = kernel.with(layout);
    this.layout = layout;
    this.scan = scan;
    this.frames = frames;
    this.changed = changed;
    this.request = request;
    this.memo = memo;
    this.symbols = symbols;
  }

  public Kernel kernel() {
    return kernel;
  }

  public Layout layout() {
    return layout;
  }

  public GuestScan scan() {
    return scan;
  }

  public FrameReader frames() {
    return frames;
  }

  /** Frames that changed since the memory was analysed before; all, if it was not. */
  public FrameSet changed() {
    return changed;
  }

  public Request request() {
    return request;
  }

  /** Symbols that are known, of this guest's modules among others. */
  public SymbolStore symbols() {
    return symbols;
  }

  /** What decoders kept of earlier analyses of this memory. */
  public Memo memo() {
    return memo;
  }

  /**
   * What several decoders need to know of this guest, made when first asked for.
   *
   * @param make is called at most once a type and guest, and must not ask for the same type
   */
  public <T> T fact(Class<T> type, Function<Guest, T> make) {
    Object known = facts.get(type);
    if (known == null) {
      known = make.apply(this);
      facts.put(type, known);
    }
    return type.cast(known);
  }

  /** The same as {@link #fact}. */
  public <T> T once(Class<T> type, Function<Guest, T> make) {
    return fact(type, make);
  }

  /** The kernel's address space; follows what page tables leave to Windows, as every other here. */
  public AddressSpace space() {
    return kernel.space();
  }

  /** The address space under a root, as a process's DirectoryTableBase gives it. */
  public AddressSpace space(long directoryTableBase) {
    return space(directoryTableBase, VadLookup.NONE);
  }

  /** The address space under a root, with answers for what page tables leave to the VADs. */
  public AddressSpace space(long directoryTableBase, VadLookup vads) {
    return new AddressSpace(space().tables().process(directoryTableBase, vads));
  }

  /** Layout of a structure of this build. */
  public StructType type(String name) {
    return layout.type(name);
  }

  /** The structure at a kernel address. */
  public Struct struct(String type, long va) {
    return Struct.read(space(), type(type), va);
  }

  /**
   * VA of a kernel variable: by the kernel's exact symbols, else as its debugger block (KDBG) or
   * its exports name it; empty where nothing does.
   */
  public OptionalLong symbol(String name) {
    return kernel.symbol(name);
  }

  /** Whether a VA can be of a kernel object. */
  public boolean isKernelAddress(long va) {
    return kernel.isKernelAddress(va);
  }
}
