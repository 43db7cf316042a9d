package io.ramtide.schemas;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;

/**
 * The Ed25519 signature of a manifest: the last 64 bytes of the record value, over all bytes before
 * them. The record's own bytes are signed, so a later schema version cannot change what was signed.
 */
public final class ManifestSignature {
  private static final String ALGORITHM = "Ed25519";
  private static final int BYTES = 64;

  private ManifestSignature() {}

  /** Puts the signature into an encoded manifest, in place. */
  public static void sign(byte[] manifest, PrivateKey key) {
    try {
      Signature signer = Signature.getInstance(ALGORITHM);
      signer.initSign(key);
      signer.update(manifest, 0, manifest.length - BYTES);
      System.arraycopy(signer.sign(), 0, manifest, manifest.length - BYTES, BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("cannot sign with this key: " + e.getMessage(), e);
    }
  }

  /** Whether the encoded manifest is signed by the key it names. */
  public static boolean isValid(byte[] manifest, byte[] publicKey) {
    if (manifest.length < BYTES) {
      return false;
    }
    try {
      Signature verifier = Signature.getInstance(ALGORITHM);
      verifier.initVerify(
          KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(publicKey)));
      verifier.update(manifest, 0, manifest.length - BYTES);
      return verifier.verify(
          Arrays.copyOfRange(manifest, manifest.length - BYTES, manifest.length));
    } catch (GeneralSecurityException e) {
      return false; // A malformed key or signature proves nothing.
    }
  }
}
