package io.ramtide.acquirer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ramtide.schemas.ManifestSignature;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class SigningKeyTest {
  @TempDir Path folder;

  @Test
  void key_isMadeOnceAndReadAgain() throws Exception {
    Path file = folder.resolve("new/acquirer.key");
    SigningKey made = SigningKey.at(file);
    SigningKey read = SigningKey.at(file);
    assertThat(read.publicKey()).isEqualTo(made.publicKey());
    byte[] manifest = new byte[100];
    read.sign(manifest);
    assertThat(ManifestSignature.isValid(manifest, made.publicKey())).isTrue();
    try (var files = Files.list(file.getParent())) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void key_isReadableByItsOwnerOnly() throws Exception {
    Path file = folder.resolve("acquirer.key");
    SigningKey.at(file);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void keyOfAnotherTool_hasItsPublicKey() throws Exception {
    // Test vector 1 of RFC 8032, 7.1, with the PKCS#8 head of RFC 8410.
    Path file = folder.resolve("rfc8032.key");
    Files.writeString(
        file,
        "-----BEGIN PRIVATE KEY-----\n"
            + Base64.getEncoder()
                .encodeToString(
                    hex(
                        "302e020100300506032b657004220420"
                            + "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"))
            + "\n-----END PRIVATE KEY-----\n");
    assertThat(SigningKey.at(file).publicKey())
        .endsWith(hex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"));
  }

  @Test
  void fileThatIsNoKey_saysWhatToDo() throws Exception {
    Path file = folder.resolve("acquirer.key");
    for (String content :
        new String[] {
          "", "hello", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"
        }) {
      Files.writeString(file, content);
      assertThatThrownBy(() -> SigningKey.at(file))
          .isInstanceOfSatisfying(
              CaptureException.class,
              e -> assertThat(e.origin()).isEqualTo(CaptureException.Cause.CONFIGURATION))
          .hasMessageContaining(file.toString())
          .hasMessageContaining("openssl genpkey");
    }
    assertThatThrownBy(() -> SigningKey.at(folder))
        .isInstanceOf(CaptureException.class)
        .hasMessageContaining(folder.toString());
  }

  private static byte[] hex(String hex) {
    return java.util.HexFormat.of().parseHex(hex);
  }
}
