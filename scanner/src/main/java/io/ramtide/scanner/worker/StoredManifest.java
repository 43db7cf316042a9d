package io.ramtide.scanner.worker;

import io.ramtide.schemas.AvroCodec;
import io.ramtide.schemas.Manifest;
import io.ramtide.schemas.ManifestSignature;
import io.ramtide.schemas.MerkleTree;
import io.ramtide.schemas.UnreadableRecordException;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * A manifest as it stands on ramtide.captures, its signature checked.
 *
 * @param sha256 of the record value, lower-case hex
 */
record StoredManifest(Manifest manifest, String sha256) {
  private static final AvroCodec<Manifest> CODEC = AvroCodec.of(Manifest.class);

  /** Reads a record value. */
  static StoredManifest decode(byte[] value) throws UnreadableRecordException {
    Manifest manifest = CODEC.decode(value);
    ByteBuffer key = manifest.getPublicKey();
    byte[] publicKey = new byte[key.remaining()];
    key.duplicate().get(publicKey);
    if (!ManifestSignature.isValid(value, publicKey)) {
      throw new UnreadableRecordException(
          "manifest of capture %d: the Ed25519 signature does not fit the bytes"
              .formatted(manifest.getCapture()));
    }
    return new StoredManifest(
        manifest, HexFormat.of().formatHex(MerkleTree.sha256().digest(value)));
  }
}
