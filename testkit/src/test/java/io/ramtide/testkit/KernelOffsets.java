package io.ramtide.testkit;

/**
 * What the tests know of a kernel, on their own: not from the testkit's data files. Source: the
 * public symbol tables of the kernels that the testkit's README names.
 */
record KernelOffsets(
    long activeHead,
    int links,
    int pid,
    int name,
    int create,
    int exit,
    int parent,
    int objectTable,
    int tableCode,
    int vadRoot,
    int vadLeft,
    int vadStart,
    boolean wideVpn) {

  static KernelOffsets of(int build) {
    return switch (build) {
      case 7601 ->
          new KernelOffsets(
              0x21b940,
              0x188,
              0x180,
              0x2e0,
              0x168,
              0x170,
              0x290,
              0x200,
              0,
              0x448 + 0x10,
              8,
              0x18,
              true);
      case 9600 ->
          new KernelOffsets(
              0x2ab320, 0x2e8, 0x2e0, 0x438, 0x2d0, 0x640, 0x3d0, 0x408, 8, 0x5d8, 0, 0x18, false);
      case 14393 ->
          new KernelOffsets(
              0x2fe410, 0x2f0, 0x2e8, 0x450, 0x308, 0x690, 0x3e0, 0x418, 8, 0x620, 0, 0x18, false);
      case 17763 ->
          new KernelOffsets(
              0x40f640, 0x2e8, 0x2e0, 0x450, 0x308, 0x690, 0x3e0, 0x418, 8, 0x628, 0, 0x18, false);
      case 19041 ->
          new KernelOffsets(
              0xc1e060, 0x448, 0x440, 0x5a8, 0x468, 0x840, 0x540, 0x570, 8, 0x7d8, 0, 0x18, false);
      case 22000 ->
          new KernelOffsets(
              0xc1bec0, 0x448, 0x440, 0x5a8, 0x468, 0x840, 0x540, 0x570, 8, 0x7d8, 0, 0x18, false);
      default -> throw new IllegalArgumentException("build " + build);
    };
  }
}
