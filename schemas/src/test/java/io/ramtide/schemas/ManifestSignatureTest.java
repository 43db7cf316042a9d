package io.ramtide.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ManifestSignatureTest {
  private final AvroCodec<Manifest> codec = AvroCodec.of(Manifest.class);
  private KeyPair keys;
  private byte[] signed;

  @BeforeEach
  void sign() throws Exception {
    keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    signed = codec.encode(manifest());
    ManifestSignature.sign(signed, keys.getPrivate());
  }

  @Test
  void signedManifest_isValidAndReadable() throws Exception {
    assertThat(ManifestSignature.isValid(signed, keys.getPublic().getEncoded())).isTrue();
    assertThat(codec.decode(signed).getDomain()).isEqualTo("domain");
  }

  @Test
  void everyChangedByte_isNoticed() {
    for (int i = 0; i < signed.length; i++) {
      byte[] changed = signed.clone();
      changed[i] ^= 1;
      assertThat(ManifestSignature.isValid(changed, keys.getPublic().getEncoded()))
          .as("byte %d", i)
          .isFalse();
    }
  }

  @Test
  void anotherKey_isNotValid() throws Exception {
    KeyPair other = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    assertThat(ManifestSignature.isValid(signed, other.getPublic().getEncoded())).isFalse();
  }

  @Test
  void garbageKey_isNotValid() {
    assertThat(ManifestSignature.isValid(signed, new byte[] {1, 2, 3})).isFalse();
    assertThat(ManifestSignature.isValid(new byte[10], keys.getPublic().getEncoded())).isFalse();
  }

  /** The signature covers "all bytes before it": that holds only while it is the last field. */
  @Test
  void signature_isTheLastField() {
    var fields = Manifest.getClassSchema().getFields();
    assertThat(fields.get(fields.size() - 1).name()).isEqualTo("signature");
    byte[] encoded = codec.encode(manifest());
    assertThat(encoded).endsWith(new byte[64]);
  }

  private Manifest manifest() {
    return Manifest.newBuilder()
        .setDomain("domain")
        .setCapture(1)
        .setSession(new SessionId(new byte[16]))
        .setKind(CaptureKind.KEYFRAME)
        .setMethod("dump:raw")
        .setConsistency(Consistency.UNKNOWN)
        .setHost("host")
        .setAcquirer("test")
        .setSource(new Source("ram.raw", 4096L, null))
        .setStartedAt(1)
        .setEndedAt(2)
        .setRam(List.of(new FrameRange(0L, 1L)))
        .setDataFrames(1)
        .setZeroFrames(0)
        .setUnreadableFrames(0)
        .setUnchangedFrames(0)
        .setChunks(1)
        .setStripes(List.of(new Stripe(0, 0L, 0L, 1)))
        .setMerkleRoot(new Sha256(new byte[32]))
        .setPublicKey(ByteBuffer.wrap(keys.getPublic().getEncoded()))
        .setSignature(new Ed25519Signature(new byte[64]))
        .build();
  }
}
