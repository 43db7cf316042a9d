package io.ramtide.scanner.worker;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;

/**
 * The encoded findings of one capture, in a file: a guest may have 10^5 of them, and the heap holds
 * none. They are all there before the transaction begins that sends them, so that it is short
 * however long the analysis takes. Each is its length (4 bytes, big-endian) and its bytes.
 */
final class FindingSpool implements Closeable {
  private static final int BUFFER = 1 << 16;

  private final FileChannel file;
  private DataOutputStream out;
  private IOException failure;
  private int count;

  FindingSpool(Path path) throws IOException {
    file =
        FileChannel.open(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE);
    clear();
  }

  /** Forgets what it holds. */
  void clear() throws IOException {
    file.truncate(0);
    out = new DataOutputStream(new BufferedOutputStream(Channels.newOutputStream(file), BUFFER));
    failure = null;
    count = 0;
  }

  /**
   * Adds a finding. A disk that is full does not stop the decoder that found it, which would take
   * it for its own failure: {@link #finish} throws.
   */
  void add(byte[] finding) {
    if (failure != null) {
      return;
    }
    try {
      out.writeInt(finding.length);
      out.write(finding);
      count++;
    } catch (IOException e) {
      failure = e;
    }
  }

  int count() {
    return count;
  }

  /** To be called when the last finding was added; throws what {@link #add} met. */
  void finish() throws IOException {
    if (failure != null) {
      throw failure;
    }
    out.flush();
  }

  /** Hands the findings over, in their order. */
  void forEach(Consumer<byte[]> sink) throws IOException {
    file.position(0);
    // Not closed: that would close the file.
    DataInputStream in =
        new DataInputStream(new BufferedInputStream(Channels.newInputStream(file), BUFFER));
    for (int i = 0; i < count; i++) {
      byte[] finding = new byte[in.readInt()];
      in.readFully(finding);
      sink.accept(finding);
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
