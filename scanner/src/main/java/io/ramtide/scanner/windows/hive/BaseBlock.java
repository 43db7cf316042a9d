package io.ramtide.scanner.windows.hive;

import io.ramtide.scanner.symbols.StructType;
import io.ramtide.scanner.windows.guest.Guest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The first block of a hive's file, as memory has it.
 *
 * @param type its layout
 * @param bytes all 4,096 of them, little-endian
 */
record BaseBlock(StructType type, ByteBuffer bytes) {

  /** Empty if it cannot be read whole, or is none. */
  static Optional<BaseBlock> read(Guest guest, OptionalLong va) {
    byte[] bytes = new byte[HiveCells.BLOCK];
    if (va.isEmpty()
        || !guest.isKernelAddress(va.getAsLong())
        || !guest.space().read(va.getAsLong(), bytes, 0, bytes.length).isComplete()) {
      return Optional.empty();
    }
    BaseBlock base =
        new BaseBlock(
            guest.type("HBASE_BLOCK"), ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
    return base.u32("Signature") == HiveFacts.ALL.base() ? Optional.of(base) : Optional.empty();
  }

  long u32(String field) {
    return Integer.toUnsignedLong(bytes.getInt(type.offset(field)));
  }

  long u64(String field) {
    return bytes.getLong(type.offset(field));
  }
}
