package io.ramtide.scanner.windows.scan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.OptionalLong;

/**
 * The start-up code for further processors, in the first megabyte, as data.
 *
 * @param limit GPA below which it is
 * @param signature its first eight bytes, read little-endian, where the mask has ones
 * @param kernelEntry offset of the address at which the kernel goes on
 * @param root offset of the GPA of the page-table root
 */
record LowStub(long limit, long signatureMask, long signature, int kernelEntry, int root) {
  private static final String FILE = "low-stub.json";
  private static final long FLAGS = 0xfff;

  static LowStub shipped() {
    try (InputStream in = LowStub.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IllegalStateException("the scanner's jar lacks its data file " + FILE);
      }
      JsonNode json = new ObjectMapper().readTree(in);
      return new LowStub(
          hex(json, "limit"),
          hex(json, "signatureMask"),
          hex(json, "signature"),
          (int) hex(json, "kernelEntry"),
          (int) hex(json, "root"));
    } catch (IOException e) {
      throw new UncheckedIOException("data file " + FILE + " cannot be read", e);
    }
  }

  private static long hex(JsonNode json, String name) {
    return Long.parseUnsignedLong(json.path(name).asText().substring(2), 16);
  }

  /** GPA of the root, if the frame at that offset of the block is such code. */
  OptionalLong root(ByteBuffer block, int offset) {
    long gpa = block.getLong(offset + root);
    boolean isStub =
        (block.getLong(offset) & signatureMask) == signature
            && block.getLong(offset + kernelEntry) < 0
            && gpa > 0
            && (gpa & FLAGS) == 0;
    return isStub ? OptionalLong.of(gpa) : OptionalLong.empty();
  }
}
