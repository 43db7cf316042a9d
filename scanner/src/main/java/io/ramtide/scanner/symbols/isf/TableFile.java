package io.ramtide.scanner.symbols.isf;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.tukaani.xz.XZInputStream;

/** A file with an ISF table: JSON, plain or compressed by xz or gzip, as its first bytes tell. */
final class TableFile {
  /** Kernels' tables have some 7 MiB, unpacked. */
  static final long MAX_BYTES = 128L << 20;

  /** The strongest setting of xz needs 65 MiB to unpack. */
  private static final int XZ_KIB = 96 << 10;

  private static final int BUFFER = 1 << 16;

  private TableFile() {}

  /**
   * Reads the table.
   *
   * @param wanted names of the symbols to keep
   * @throws UnusableTableException if there is none
   */
  static Isf read(Path file, Set<String> wanted) throws UnusableTableException {
    try (InputStream raw = new BufferedInputStream(Files.newInputStream(file), BUFFER);
        InputStream json = unpacked(raw)) {
      return IsfReader.read(json, wanted);
    } catch (TooLargeException e) {
      throw new UnusableTableException(
          "has more than %d MiB of JSON: no table of a kernel is so large"
              .formatted(MAX_BYTES >> 20),
          e);
    } catch (JsonProcessingException e) {
      throw new UnusableTableException(
          "is not JSON (%s): give a Volatility 3 symbol table"
              .formatted(
                  e.getLocation() == null
                      ? e.getOriginalMessage()
                      : "line %d, column %d"
                          .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr())),
          e);
    } catch (NoSuchFileException e) {
      throw new UnusableTableException("does not exist", e);
    } catch (IOException e) {
      throw new UnusableTableException("cannot be read: %s: fetch it again".formatted(why(e)), e);
    }
  }

  private static String why(IOException e) {
    String kind = e.getClass().getSimpleName();
    return e.getMessage() == null ? kind : kind + ": " + e.getMessage();
  }

  private static InputStream unpacked(InputStream file) throws IOException, UnusableTableException {
    file.mark(4);
    byte[] start = file.readNBytes(4);
    file.reset();
    if (startsWith(start, 0xfd, '7', 'z', 'X')) {
      return new Bounded(new XZInputStream(file, XZ_KIB));
    }
    if (startsWith(start, 0x1f, 0x8b)) {
      return new Bounded(new GZIPInputStream(file, BUFFER));
    }
    if (startsWith(start, 'B', 'Z', 'h')) {
      throw new UnusableTableException("is packed by bzip2, which is not read: use bunzip2 first");
    }
    if (startsWith(start, 'P', 'K', 3, 4)) {
      throw new UnusableTableException(
          "is a zip archive, which is not read: unpack it and give its folder");
    }
    return new Bounded(file);
  }

  private static boolean startsWith(byte[] bytes, int... magic) {
    for (int i = 0; i < magic.length; i++) {
      if (i >= bytes.length || (bytes[i] & 0xff) != magic[i]) {
        return false;
      }
    }
    return true;
  }

  /** More bytes than a table can have. */
  private static final class TooLargeException extends IOException {
    private static final long serialVersionUID = 1;
  }

  /** Ends what a small file may unpack to. */
  private static final class Bounded extends FilterInputStream {
    private long left = MAX_BYTES;

    private Bounded(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int read = super.read(bytes, offset, length);
      left -= Math.max(read, 0);
      if (left < 0) {
        throw new TooLargeException();
      }
      return read;
    }
  }
}
