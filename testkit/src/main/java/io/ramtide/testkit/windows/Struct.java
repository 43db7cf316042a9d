package io.ramtide.testkit.windows;

import io.ramtide.testkit.x64.AddressSpace;

/** A kernel structure at a virtual address, its fields written by their names. */
final class Struct {

  private final KernelFacts facts;
  private final AddressSpace space;
  private final String type;
  private final long va;

  Struct(KernelFacts facts, AddressSpace space, String type, long va) {
    this.facts = facts;
    this.space = space;
    this.type = type;
    this.va = va;
  }

  /** Virtual address of a field. */
  long address(String field) {
    return va + facts.offset(type, field);
  }

  boolean has(String field) {
    return facts.hasField(type, field);
  }

  Struct u8(String field, int value) {
    space.putByte(address(field), value);
    return this;
  }

  Struct u16(String field, int value) {
    space.putShort(address(field), value);
    return this;
  }

  Struct u32(String field, int value) {
    space.putInt(address(field), value);
    return this;
  }

  Struct u64(String field, long value) {
    space.putLong(address(field), value);
    return this;
  }

  long u64(String field) {
    return space.getLong(address(field));
  }

  Struct bytes(String field, byte[] value) {
    space.put(address(field), value);
    return this;
  }

  /** A KSYSTEM_TIME: LowPart, High1Time, High2Time, 4 bytes each. */
  Struct systemTime(String field, long value) {
    int high = (int) (value >>> 32);
    space.putInt(address(field), (int) value);
    space.putInt(address(field) + 4, high);
    space.putInt(address(field) + 8, high);
    return this;
  }

  /** A UNICODE_STRING: Length, MaximumLength (bytes), and at 8 the address of the characters. */
  Struct unicode(String field, int bytes, long characters) {
    space.putShort(address(field), bytes);
    space.putShort(address(field) + 2, bytes + 2);
    space.putLong(address(field) + 8, characters);
    return this;
  }

  Struct list(String field) {
    new Links(space).init(address(field));
    return this;
  }
}
