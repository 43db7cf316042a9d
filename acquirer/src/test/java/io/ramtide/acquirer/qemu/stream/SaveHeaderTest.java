package io.ramtide.acquirer.qemu.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SaveHeaderTest {
  @TempDir Path folder;

  @Test
  void header_tellsWhereTheStreamBegins() throws Exception {
    assertThat(offset(header("LibvirtQemudSave", 2, 1000, 0))).isEqualTo(1092);
  }

  @Test
  void otherFile_hasNoHeader() throws Exception {
    assertThat(offset("QEVM and more".getBytes(StandardCharsets.US_ASCII))).isZero();
    assertThat(offset(new byte[0])).isZero();
  }

  @Test
  void badHeader_saysWhatToDo() {
    refused(header("LibvirtQemudPart", 2, 0, 0), "did not finish writing it");
    refused(header("LibvirtQemudSave", 3, 0, 0), "version 3");
    refused(header("LibvirtQemudSave", 2, 0, 5), "in zstd, and only raw is supported; set");
    refused(header("LibvirtQemudSave", 2, 0, -1), "in format 4294967295");
    refused(header("LibvirtQemudSave", 2, -1, 0), "4294967295 bytes of XML");
    refused(
        Arrays.copyOf(header("LibvirtQemudSave", 2, 0, 0), 91), "ends at byte 91, in the header");
  }

  private void refused(byte[] file, String message) {
    assertThatThrownBy(() -> offset(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(message);
  }

  private static byte[] header(String magic, int version, int xml, int compression) {
    return ByteBuffer.allocate(92)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(magic.getBytes(StandardCharsets.US_ASCII))
        .putInt(version)
        .putInt(xml)
        .putInt(1)
        .putInt(compression)
        .array();
  }

  private long offset(byte[] bytes) throws IOException {
    Path file = Files.write(folder.resolve("save"), bytes);
    try (FileChannel channel = FileChannel.open(file)) {
      return SaveHeader.streamOffset("the file", channel);
    }
  }
}
