package io.ramtide.acquirer.qemu;

import io.ramtide.acquirer.source.MemoryRange;
import java.util.OptionalLong;

/**
 * A part of guest-physical memory that is RAM.
 *
 * @param range guest-physical, whole frames
 * @param block QEMU's name of the RAM block that holds it, e.g. pc.ram or ram-node0
 * @param blockOffset where in the block the range begins, bytes
 * @param hva address of the range in QEMU's own process, if it was asked for
 */
public record RamRegion(MemoryRange range, String block, long blockOffset, OptionalLong hva) {}
