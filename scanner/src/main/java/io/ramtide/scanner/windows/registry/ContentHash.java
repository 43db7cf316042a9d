package io.ramtide.scanner.windows.registry;

import io.ramtide.schemas.RegistryKeyFinding;
import io.ramtide.schemas.RegistryValue;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.SecureRandom;

/**
 * Digests of what is told of keys, of 64 bits, under a key of its own (SipHash-1-3): a guest that
 * chooses what it writes cannot choose two contents with one digest.
 */
final class ContentHash {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final SecureRandom RANDOM = new SecureRandom();

  private final long key0 = RANDOM.nextLong();
  private final long key1 = RANDOM.nextLong();
  private long v0;
  private long v1;
  private long v2;
  private long v3;

  /** Of all but the path, by which a key is known. */
  long content(RegistryKeyFinding key) {
    start();
    add(key.getKeyStatus());
    add(key.getLastWriteTime());
    add(key.getSubkeys());
    add(key.getValues());
    add(key.getVolatile$() ? 1 : 0);
    add(key.getSubkeysStatus());
    add(key.getValuesStatus());
    add(key.getClassName());
    add(key.getClassStatus());
    add(key.getOwner());
    add(key.getOwnerStatus());
    add(key.getLinkTarget());
    add(key.getCell());
    add(key.getCellGpa());
    add(key.getValueList().size());
    for (RegistryValue value : key.getValueList()) {
      add(value.getName());
      add(value.getType());
      add(value.getLength());
      add(value.getDataStatus());
      add(value.getCell());
      add(value.getCellGpa());
      if (value.getData() == null) {
        add(-1);
      } else {
        add(value.getData().array());
      }
    }
    return finish();
  }

  /** Of what moves when Windows changes a key. */
  long head(RegistryKeyFinding key) {
    start();
    add(key.getLastWriteTime());
    add(key.getSubkeys());
    add(key.getValues());
    return finish();
  }

  private void start() {
    v0 = key0 ^ 0x736f6d6570736575L;
    v1 = key1 ^ 0x646f72616e646f6dL;
    v2 = key0 ^ 0x6c7967656e657261L;
    v3 = key1 ^ 0x7465646279746573L;
  }

  private long finish() {
    v2 ^= 0xff;
    round();
    round();
    round();
    return v0 ^ v1 ^ v2 ^ v3;
  }

  private void add(long word) {
    v3 ^= word;
    round();
    v0 ^= word;
  }

  /** With its length, so that no two texts in a row are like two others. */
  private void add(String text) {
    if (text == null) {
      add(-1);
      return;
    }
    int length = text.length();
    add(length);
    for (int i = 0; i < length; ) {
      long word = 0;
      for (int end = Math.min(length, i + 4); i < end; i++) {
        word = (word << Character.SIZE) | text.charAt(i);
      }
      add(word);
    }
  }

  private void add(byte[] bytes) {
    add(bytes.length);
    int i = 0;
    for (; i + Long.BYTES <= bytes.length; i += Long.BYTES) {
      add((long) LONGS.get(bytes, i));
    }
    long word = 0;
    for (; i < bytes.length; i++) {
      word = (word << Byte.SIZE) | (bytes[i] & 0xff);
    }
    add(word);
  }

  private void round() {
    v0 += v1;
    v1 = Long.rotateLeft(v1, 13) ^ v0;
    v0 = Long.rotateLeft(v0, 32);
    v2 += v3;
    v3 = Long.rotateLeft(v3, 16) ^ v2;
    v0 += v3;
    v3 = Long.rotateLeft(v3, 21) ^ v0;
    v2 += v1;
    v1 = Long.rotateLeft(v1, 17) ^ v2;
    v2 = Long.rotateLeft(v2, 32);
  }
}
