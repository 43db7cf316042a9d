package io.ramtide.acquirer.source;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A guest's RAM, readable from outside the guest. Addresses are guest-physical (GPA), in bytes;
 * frames are 4 KiB.
 */
public interface MemorySource extends Closeable {
  int FRAME_BYTES = 4096;

  /** How the bytes are read and where they come from. */
  SourceDescription description();

  /** RAM, ascending and disjoint, whole frames. What is outside is a hole or MMIO. */
  List<MemoryRange> ram();

  /**
   * The parts of RAM that the source holds and that may be non-zero, ascending and disjoint, whole
   * frames. RAM outside of them is zero, unless {@link #unreadable()} has it.
   */
  List<MemoryRange> data();

  /** CR3 of the guest's processors, if the source knows them; in no particular order. */
  default List<Long> cr3s() {
    return List.of();
  }

  /**
   * The parts of RAM that the source does not hold, e.g. behind the end of a truncated dump, or
   * what the host holds no memory for while a balloon is inflated.
   */
  List<MemoryRange> unreadable();

  /** The virtual machine, if the source is one that runs. */
  default Optional<MachineFacts> machine() {
    return Optional.empty();
  }

  /**
   * Everything was read. What was held for the reading is let go, before anything waits for the
   * broker: a paused guest runs on. Called once, or not at all when the pass failed: then {@link
   * #close} does it.
   *
   * @throws IOException if what was read must not become a capture: the guest ended meanwhile, or
   *     its RAM has another layout now
   */
  default void finish() throws IOException {}

  /** How long the guest stood still for this capture, microseconds; known after {@link #finish}. */
  default OptionalLong pausedMicros() {
    return OptionalLong.empty();
  }

  /**
   * Reads into all the target's remaining bytes; they lie in one range of {@link #data()}.
   *
   * @throws IOException if the source fails, with what, where and what to do
   */
  void read(long gpa, ByteBuffer target) throws IOException;

  /**
   * The bytes themselves, without copying where that can be: a little-endian view, read-only, valid
   * until the next reading, view or close. Reading from the view of a file that something truncates
   * raises {@link InternalError}, perhaps only some steps later; so do bulk gets and digests, but
   * comparing the view ({@code equals}, {@code mismatch}) or its CRC would end the whole program.
   *
   * @param length in one range of {@link #data()}
   * @throws IOException if the source fails, with what, where and what to do
   */
  ByteBuffer view(long gpa, int length) throws IOException;

  /**
   * Whether a view shows memory at each look. If not, it is a copy of the moment it was asked for,
   * and whoever wants to know whether memory has changed asks for another one.
   */
  default boolean viewsFollow() {
    return false;
  }

  /** What did not change since an earlier capture, if the host keeps note of it. */
  default Optional<ChangeHint> changeHint() {
    return Optional.empty();
  }
}
