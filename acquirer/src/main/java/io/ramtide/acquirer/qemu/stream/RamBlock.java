package io.ramtide.acquirer.qemu.stream;

/**
 * A RAM block as the stream lists it.
 *
 * @param name QEMU's, e.g. pc.ram
 * @param bytes its size, whole frames
 */
public record RamBlock(String name, long bytes) {}
