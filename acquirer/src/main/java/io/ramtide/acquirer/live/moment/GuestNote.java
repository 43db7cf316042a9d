package io.ramtide.acquirer.live.moment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ramtide.acquirer.live.LiveGuest;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a capture changes at a guest, written to disk before it does so: whoever finds the note
 * after a crash puts the guest right. It is one line of JSON, and perhaps a second with what is
 * known only after the change. The writer holds a lock on the file, which ends with its process.
 */
final class GuestNote implements Closeable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MAX_BYTES = 1 << 16;

  /** Closing any channel of a file drops the process's lock on it: held ones are not opened. */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path path;
  private final FileChannel file;

  private GuestNote(Path path, FileChannel file) {
    this.path = path;
    this.file = file;
  }

  /**
   * Writes a note.
   *
   * @param kind what is changed, part of the file's name
   * @param before what must be put right
   * @throws IOException if it cannot be written, or another capture has the guest in its hands
   */
  static GuestNote write(LiveGuest guest, Path folder, String kind, ObjectNode before)
      throws IOException {
    GuestNote note =
        hold(path(guest, folder, kind), true)
            .orElseThrow(
                () ->
                    new IOException(
                        "%s: another capture has it %s now".formatted(guest.name(), kind)));
    try {
      note.file.truncate(0);
      before.put("domain", guest.uuid().toString());
      before.put("run", guest.run());
      before.put("at", Instant.now().toString());
      note.append(before);
      try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
        directory.force(true);
      }
      return note;
    } catch (IOException e) {
      note.remove();
      throw e;
    }
  }

  /** The note that a process left which is no more, held from now on. */
  static Optional<GuestNote> leftBy(LiveGuest guest, Path folder, String kind) throws IOException {
    Path path = path(guest, folder, kind);
    return Files.exists(path) ? hold(path, false) : Optional.empty();
  }

  static ObjectNode fields() {
    return JSON.createObjectNode();
  }

  /** Adds what is known only now; on disk when this returns. */
  void append(ObjectNode fields) throws IOException {
    ByteBuffer line =
        ByteBuffer.wrap((JSON.writeValueAsString(fields) + "\n").getBytes(StandardCharsets.UTF_8));
    file.position(file.size());
    while (line.hasRemaining()) {
      file.write(line);
    }
    file.force(true);
  }

  /** The fields of all lines that were written to their end. */
  JsonNode read() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(MAX_BYTES, file.size()));
    while (bytes.hasRemaining() && file.read(bytes, bytes.position()) >= 0) {
      // To the end.
    }
    ObjectNode all = JSON.createObjectNode();
    String text = StandardCharsets.UTF_8.decode(bytes.flip()).toString();
    for (String line : text.substring(0, text.lastIndexOf('\n') + 1).lines().toList()) {
      try {
        if (JSON.readTree(line) instanceof ObjectNode fields) {
          all.setAll(fields);
        }
      } catch (JsonProcessingException e) {
        throw new IOException(
            "%s: is damaged; see whether the guest is paused, and delete it".formatted(path), e);
      }
    }
    return all;
  }

  /** The guest is as it was: nothing is left to be put right. */
  void remove() throws IOException {
    try {
      Files.deleteIfExists(path);
    } finally {
      close();
    }
  }

  /** Lets the note be found by whoever puts the guest right. */
  @Override
  public void close() throws IOException {
    try {
      file.close();
    } finally {
      HELD.remove(path);
    }
  }

  private static Path path(LiveGuest guest, Path folder, String kind) {
    return folder.toAbsolutePath().resolve(guest.uuid() + "." + kind);
  }

  private static Optional<GuestNote> hold(Path path, boolean create) throws IOException {
    if (!HELD.add(path)) {
      return Optional.empty();
    }
    FileChannel file = null;
    boolean held = false;
    try {
      Set<StandardOpenOption> options =
          create
              ? Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)
              : Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE);
      file =
          FileChannel.open(
              path,
              options,
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      FileLock lock = file.tryLock();
      held = lock != null;
      return held ? Optional.of(new GuestNote(path, file)) : Optional.empty();
    } finally {
      if (!held) {
        if (file != null) {
          file.close();
        }
        HELD.remove(path);
      }
    }
  }
}
