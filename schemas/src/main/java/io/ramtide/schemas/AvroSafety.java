package io.ramtide.schemas;

import org.apache.avro.util.ClassSecurityValidator;
import org.apache.avro.util.ClassSecurityValidator.ClassSecurityPredicate;

/**
 * What Avro may instantiate and how much it may allocate for a record it was handed. Every codec
 * applies it; a program that copies records before it has a codec applies it itself.
 */
public final class AvroSafety {
  /** No record of ours comes near; a hostile length field stops here. */
  private static final String MAX_LENGTH = Integer.toString(8 << 20);

  static {
    // Avro reads these once, when its decoder is first used.
    System.getProperties().putIfAbsent("org.apache.avro.limits.bytes.maxLength", MAX_LENGTH);
    System.getProperties().putIfAbsent("org.apache.avro.limits.string.maxLength", MAX_LENGTH);
    System.getProperties()
        .putIfAbsent("org.apache.avro.limits.collectionItems.maxLength", MAX_LENGTH);
    ClassSecurityPredicate ours = type -> type.getPackage() == AvroSafety.class.getPackage();
    ClassSecurityValidator.setGlobal(
        ClassSecurityValidator.composite(ClassSecurityValidator.getGlobal(), ours));
  }

  private AvroSafety() {}

  /** Applies the rules once for the JVM. */
  public static void apply() {
    // The static initialiser did it.
  }
}
