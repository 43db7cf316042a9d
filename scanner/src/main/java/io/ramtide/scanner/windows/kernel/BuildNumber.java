package io.ramtide.scanner.windows.kernel;

import io.ramtide.scanner.memory.PhysicalMemory;
import io.ramtide.scanner.paging.AddressSpace;
import io.ramtide.scanner.symbols.KernelSymbols;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The build number of a kernel: from KUSER_SHARED_DATA where it has one, else from the kernel's
 * build lab string (7601.24540.amd64fre.win7sp1...), else from the symbol data's file version, else
 * from the variable that it exports.
 */
final class BuildNumber {
  private static final Pattern LAB = Pattern.compile("(\\d{4,5})\\.\\d+\\.amd64(fre|chk)\\.");
  private static final Pattern VERSION = Pattern.compile("\\d+\\.\\d+\\.(\\d{4,5})\\.\\d+");
  private static final int LAB_BYTES = 64;

  private BuildNumber() {}

  static OptionalInt of(
      AddressSpace space,
      KernelImage image,
      Optional<UserSharedData> shared,
      Optional<KernelSymbols> symbols,
      Map<String, Long> variables) {
    if (shared.isPresent() && shared.get().build().isPresent()) {
      return shared.get().build();
    }
    OptionalInt build = OptionalInt.empty();
    if (symbols.isPresent() && symbols.get().rva("NtBuildLab").isPresent()) {
      long va = image.base() + symbols.get().rva("NtBuildLab").getAsLong();
      build = lab(space, va, LAB_BYTES);
    }
    if (build.isEmpty() && symbols.isPresent()) {
      Matcher version = VERSION.matcher(symbols.get().version());
      build = version.matches() ? OptionalInt.of(Integer.parseInt(version.group(1))) : build;
    }
    build = build.isPresent() ? build : exported(space, variables);
    return build.isPresent() ? build : searchLab(space, image);
  }

  /** NtBuildNumber; its high bits tell checked from free builds. */
  private static OptionalInt exported(AddressSpace space, Map<String, Long> variables) {
    Long va = variables.get("NtBuildNumber");
    OptionalLong number = va == null ? OptionalLong.empty() : space.dword(va);
    int build = (int) number.orElse(0) & 0xffff;
    return build == 0 ? OptionalInt.empty() : OptionalInt.of(build);
  }

  private static OptionalInt searchLab(AddressSpace space, KernelImage image) {
    for (long va = image.base(); image.contains(va); va += PhysicalMemory.FRAME_BYTES) {
      OptionalInt build = lab(space, va, PhysicalMemory.FRAME_BYTES + LAB_BYTES);
      if (build.isPresent()) {
        return build;
      }
    }
    return OptionalInt.empty();
  }

  private static OptionalInt lab(AddressSpace space, long va, int length) {
    byte[] bytes = new byte[length];
    int known = space.read(va, bytes, 0, length).bytes();
    Matcher lab = LAB.matcher(new String(bytes, 0, known, StandardCharsets.ISO_8859_1));
    return lab.find() ? OptionalInt.of(Integer.parseInt(lab.group(1))) : OptionalInt.empty();
  }
}
