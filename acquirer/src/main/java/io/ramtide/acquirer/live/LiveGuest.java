package io.ramtide.acquirer.live;

import io.ramtide.acquirer.qemu.GuestLayout;
import io.ramtide.acquirer.qemu.Monitor;
import io.ramtide.acquirer.source.MachineFacts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.UUID;

/**
 * A running virtual machine, as the methods of capture need it. Every call fails with a {@link
 * GuestGoneException} once the machine has ended.
 */
public interface LiveGuest {
  UUID uuid();

  String name();

  /**
   * Differs from one start of the machine to the next. A reset, by its guest or by the hypervisor,
   * goes on with the same run: RAM stays where it is.
   */
  String run();

  /**
   * Where its RAM is now.
   *
   * @throws IOException if the hypervisor does not tell, with what to do
   */
  GuestLayout layout() throws IOException;

  /** Versions, balloon and devices now. */
  MachineFacts facts() throws IOException;

  /** QEMU's monitor; fails where the hypervisor is no QEMU. */
  Monitor monitor() throws IOException;

  /** QEMU's process id; fails if it runs on another host. */
  long pid() throws IOException;

  /** Whether its processors stand still. */
  boolean isPaused() throws IOException;

  void suspend() throws IOException;

  void resume() throws IOException;

  /** Reads guest-physical memory through the hypervisor, into all the target's remaining bytes. */
  void peek(long gpa, ByteBuffer target) throws IOException;

  /** Has the hypervisor write an ELF core of RAM to a file on its host; the guest may stall. */
  void dumpCore(Path file) throws IOException;

  /** Has the hypervisor write an external memory snapshot; the guest runs on meanwhile. */
  void snapshotMemory(Path file) throws IOException;
}
