package io.ramtide.acquirer;

import io.ramtide.acquirer.CaptureException.Cause;
import io.ramtide.schemas.ManifestSignature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;

/**
 * The acquirer's Ed25519 key pair. The file is the private key as PKCS#8 PEM, as `openssl genpkey
 * -algorithm ed25519` writes it; the public key follows from it.
 */
final class SigningKey {
  private static final String ALGORITHM = "Ed25519";
  private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
  private static final String END = "-----END PRIVATE KEY-----";
  private static final int MAX_FILE_BYTES = 64 * 1024;

  private final PrivateKey privateKey;
  private final byte[] publicKey;

  private SigningKey(PrivateKey privateKey, byte[] publicKey) {
    this.privateKey = privateKey;
    this.publicKey = publicKey;
  }

  /** Reads the key, and makes it first if there is none. */
  static SigningKey at(Path file) throws CaptureException {
    try {
      if (Files.notExists(file)) {
        create(file);
      }
      if (Files.size(file) > MAX_FILE_BYTES) {
        throw noKey(file, null);
      }
      return parse(file, Files.readString(file, StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      throw new CaptureException(
          Cause.CONFIGURATION,
          "signing key %s: cannot be read or written: %s (%s)"
              .formatted(file, e.getMessage(), e.getClass().getSimpleName()),
          e);
    }
  }

  /** Signs an encoded manifest in place. */
  void sign(byte[] manifest) {
    ManifestSignature.sign(manifest, privateKey);
  }

  /** X.509 SubjectPublicKeyInfo. */
  byte[] publicKey() {
    return publicKey.clone();
  }

  private static SigningKey parse(Path file, String pem) throws CaptureException {
    int begin = pem.indexOf(BEGIN);
    int end = pem.indexOf(END);
    if (begin < 0 || end < begin) {
      throw noKey(file, null);
    }
    try {
      byte[] der = Base64.getMimeDecoder().decode(pem.substring(begin + BEGIN.length(), end));
      PrivateKey key =
          KeyFactory.getInstance(ALGORITHM).generatePrivate(new PKCS8EncodedKeySpec(der));
      return new SigningKey(key, publicKeyOf(key));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw noKey(file, e);
    }
  }

  private static CaptureException noKey(Path file, Exception cause) {
    return new CaptureException(
        Cause.CONFIGURATION,
        ("signing key %s: holds no Ed25519 private key in PKCS#8 PEM; make one with `openssl"
                + " genpkey -algorithm ed25519 -out %s`, or name a file that does not exist yet")
            .formatted(file, file),
        cause);
  }

  /** The JDK derives a public key only when it makes a pair, so the pair is made from the seed. */
  private static byte[] publicKeyOf(PrivateKey key) throws GeneralSecurityException {
    byte[] seed = ((EdECPrivateKey) key).getBytes().orElseThrow(GeneralSecurityException::new);
    KeyPairGenerator generator = KeyPairGenerator.getInstance(ALGORITHM);
    generator.initialize(NamedParameterSpec.ED25519, new FixedSeed(seed));
    KeyPair pair = generator.generateKeyPair();
    byte[] probe = new byte[65];
    ManifestSignature.sign(probe, key);
    if (!ManifestSignature.isValid(probe, pair.getPublic().getEncoded())) {
      throw new GeneralSecurityException("this JDK's Ed25519 does not derive public keys");
    }
    return pair.getPublic().getEncoded();
  }

  /** Never half-written, never readable by others, and never over a key that another one made. */
  private static void create(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    Files.createDirectories(folder);
    Path temporary = Files.createTempFile(folder, ".key", ".tmp", ownerOnly(folder));
    try {
      Files.writeString(temporary, newPem(), StandardCharsets.US_ASCII);
      link(file, temporary);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static void link(Path file, Path temporary) throws IOException {
    try {
      Files.createLink(file, temporary);
    } catch (FileAlreadyExistsException e) {
      // Another acquirer was faster: its key is the one.
    } catch (UnsupportedOperationException e) {
      Files.move(temporary, file);
    }
  }

  private static FileAttribute<?>[] ownerOnly(Path folder) {
    boolean posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  private static String newPem() {
    try {
      byte[] der =
          KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair().getPrivate().getEncoded();
      Base64.Encoder lines = Base64.getMimeEncoder(64, new byte[] {'\n'});
      return BEGIN + "\n" + lines.encodeToString(der) + "\n" + END + "\n";
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK since 15 has Ed25519", e);
    }
  }

  private static final class FixedSeed extends SecureRandom {
    private static final long serialVersionUID = 1L;
    private final byte[] seed;

    FixedSeed(byte[] seed) {
      this.seed = seed;
    }

    @Override
    public void nextBytes(byte[] bytes) {
      System.arraycopy(seed, 0, bytes, 0, bytes.length);
    }
  }
}
