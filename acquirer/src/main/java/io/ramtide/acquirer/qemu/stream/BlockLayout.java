package io.ramtide.acquirer.qemu.stream;

import io.ramtide.acquirer.qemu.GuestLayout;
import java.io.IOException;
import java.util.List;

/** Tells where the RAM blocks of a stream lie in guest-physical memory. */
@FunctionalInterface
public interface BlockLayout {
  /**
   * @param machine QEMU's machine type, e.g. pc-q35-7.2; empty if the stream does not say
   * @throws IOException if it cannot be told, with what to do
   */
  GuestLayout of(String machine, List<RamBlock> blocks) throws IOException;
}
