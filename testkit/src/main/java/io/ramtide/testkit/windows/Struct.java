package io.ramtide.testkit.windows;

import io.ramtide.testkit.x64.AddressSpace;

/** A kernel structure at a virtual address, its fields written by their names. */
public final class Struct {

  private final KernelFacts facts;
  private final AddressSpace space;
  private final String type;
  private final long va;

  public Struct(KernelFacts facts, AddressSpace space, String type, long va) {
    this.facts = facts;
    this.space = space;
    this.type = type;
    this.va = va;
  }

  /** Virtual address of a field. */
  public long address(String field) {
    return va + facts.offset(type, field);
  }

  public boolean has(String field) {
    return facts.hasField(type, field);
  }

  public Struct u8(String field, int value) {
    space.putByte(address(field), value);
    return this;
  }

  public Struct u16(String field, int value) {
    space.putShort(address(field), value);
    return this;
  }

  public Struct u32(String field, int value) {
    space.putInt(address(field), value);
    return this;
  }

  public Struct u64(String field, long value) {
    space.putLong(address(field), value);
    return this;
  }

  /** Writes a bit field and leaves its neighbours. */
  public Struct bits(String field, long value) {
    KernelFacts.Field place = facts.field(type, field);
    long old = space.getLong(va + place.offset());
    space.putLong(va + place.offset(), place.insert(old, value));
    return this;
  }

  /** Writes a number of 32 bits, or the bit field that a later kernel has in its place. */
  public Struct u32OrBits(String field, int value) {
    return facts.field(type, field).width() == 0 ? u32(field, value) : bits(field, value);
  }

  /** Writes a field if this kernel has it. */
  public Struct u64IfPresent(String field, long value) {
    return has(field) ? u64(field, value) : this;
  }

  /** Virtual address of the structure. */
  public long va() {
    return va;
  }

  public long u64(String field) {
    return space.getLong(address(field));
  }

  public Struct bytes(String field, byte[] value) {
    space.put(address(field), value);
    return this;
  }

  /** A KSYSTEM_TIME: LowPart, High1Time, High2Time, 4 bytes each. */
  public Struct systemTime(String field, long value) {
    int high = (int) (value >>> 32);
    space.putInt(address(field), (int) value);
    space.putInt(address(field) + 4, high);
    space.putInt(address(field) + 8, high);
    return this;
  }

  /** A UNICODE_STRING: Length, MaximumLength (bytes), and at 8 the address of the characters. */
  public Struct unicode(String field, int bytes, long characters) {
    space.putShort(address(field), bytes);
    space.putShort(address(field) + 2, bytes + 2);
    space.putLong(address(field) + 8, characters);
    return this;
  }

  public Struct list(String field) {
    new Links(space).init(address(field));
    return this;
  }
}
