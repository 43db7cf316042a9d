package io.ramtide.scanner.worker.limits;

import io.ramtide.schemas.RegistryKeyFinding;
import io.ramtide.schemas.RegistryValue;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps a registry key small enough for a record: a value may have gigabytes of data, and a key
 * 65,536 values. What is cut says so, and its digest tells whether the rest changes.
 */
public final class KeyLimits {
  /** Bytes of all values of a key, names included. */
  static final int MAX_VALUES = 256 << 10;

  /** Bytes of a value's data that are kept, the first that all values of the key fit with. */
  private static final int[] DATA = {4096, 256, 0};

  /** Characters of a class, or of what a symbolic link leads to. */
  private static final int MAX_TEXT = 4096;

  /** More than a value's numbers, lengths and digest take in a record. */
  private static final int OVERHEAD = 128;

  private static final int MAX_UTF8 = 3;

  private KeyLimits() {}

  /** The key with what fits of its values. */
  public static RegistryKeyFinding apply(RegistryKeyFinding key) {
    List<RegistryValue> values = key.getValueList();
    int limit = dataLimit(values);
    boolean longTexts = isLong(key.getClassName()) || isLong(key.getLinkTarget());
    if (fits(values, limit) && !longTexts) {
      return key;
    }
    List<RegistryValue> kept = new ArrayList<>();
    long room = MAX_VALUES;
    for (RegistryValue value : values) {
      room -= size(value, limit);
      if (room < 0) {
        break;
      }
      kept.add(cut(value, limit));
    }
    RegistryKeyFinding.Builder small =
        RegistryKeyFinding.newBuilder(key)
            .setValueList(kept)
            .setClassName(cut(key.getClassName()))
            .setLinkTarget(cut(key.getLinkTarget()));
    if (isLong(key.getClassName())) {
      small.setClassStatus(
          joined(
              key.getClassStatus(),
              "cut to %d of %d characters".formatted(MAX_TEXT, key.getClassName().length())));
    }
    if (kept.size() < values.size()) {
      small.setValuesStatus(
          joined(
              key.getValuesStatus(),
              "only the first %d of %d fit into a record".formatted(kept.size(), values.size())));
    }
    return small.build();
  }

  /** Bytes of each value's data that all of them fit with, or the least. */
  private static int dataLimit(List<RegistryValue> values) {
    for (int limit : DATA) {
      if (values.stream().mapToLong(value -> size(value, limit)).sum() <= MAX_VALUES) {
        return limit;
      }
    }
    return DATA[DATA.length - 1];
  }

  private static boolean fits(List<RegistryValue> values, int limit) {
    return values.stream().allMatch(value -> bytes(value) <= limit)
        && values.stream().mapToLong(value -> size(value, limit)).sum() <= MAX_VALUES;
  }

  /** At most so many bytes in the record. */
  private static long size(RegistryValue value, int limit) {
    return OVERHEAD
        + MAX_UTF8 * ((long) value.getName().length() + length(value.getDataStatus()))
        + Math.min(bytes(value), limit);
  }

  private static int bytes(RegistryValue value) {
    return value.getData() == null ? 0 : value.getData().remaining();
  }

  private static int length(String text) {
    return text == null ? 0 : text.length();
  }

  private static RegistryValue cut(RegistryValue value, int limit) {
    ByteBuffer data = value.getData();
    if (data == null || data.remaining() <= limit) {
      return value;
    }
    RegistryValue.Builder cut = RegistryValue.newBuilder(value);
    // A digest of what is not whole would say that it is.
    if (value.getSha256() == null && value.getDataStatus() == null) {
      cut.setSha256(ByteBuffer.wrap(sha256(data)));
    }
    return cut.setData(data.duplicate().limit(data.position() + limit).slice())
        .setDataStatus(
            joined(
                value.getDataStatus(), "cut to %d of %d bytes".formatted(limit, value.getLength())))
        .build();
  }

  private static boolean isLong(String text) {
    return length(text) > MAX_TEXT;
  }

  private static String cut(String text) {
    return isLong(text) ? text.substring(0, MAX_TEXT) : text;
  }

  private static String joined(String status, String more) {
    return status == null ? more : status + ", " + more;
  }

  private static byte[] sha256(ByteBuffer data) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(data.duplicate());
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
