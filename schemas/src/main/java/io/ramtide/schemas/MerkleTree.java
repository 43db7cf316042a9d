package io.ramtide.schemas;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/**
 * RFC 6962 tree hash over a capture's chunks: leaf = SHA-256(00 || record value), node = SHA-256(01
 * || left || right), split at the largest power of two below the number of leaves.
 */
public final class MerkleTree {
  private MerkleTree() {}

  public static byte[] leaf(byte[] recordValue) {
    MessageDigest sha = sha256();
    sha.update((byte) 0);
    return sha.digest(recordValue);
  }

  /** The root over leaf hashes in order; for none, SHA-256 of nothing. */
  public static byte[] root(List<byte[]> leaves) {
    if (leaves.isEmpty()) {
      return sha256().digest();
    }
    if (leaves.size() == 1) {
      return leaves.get(0);
    }
    int split = Integer.highestOneBit(leaves.size() - 1);
    MessageDigest sha = sha256();
    sha.update((byte) 1);
    sha.update(root(leaves.subList(0, split)));
    sha.update(root(leaves.subList(split, leaves.size())));
    return sha.digest();
  }

  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
