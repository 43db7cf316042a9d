package io.ramtide.acquirer.live;

import java.util.Locale;

/** The ways to read a running guest's RAM. */
public enum Method {
  /** QEMU's shared memory, through the QEMU process's file descriptor. */
  SHARED_MEMORY,
  /** process_vm_readv(2) of the QEMU process. */
  PROCESS,
  /** The guest stands still while one of the two above reads. */
  PAUSED,
  /** libvirt's external memory snapshot. */
  SNAPSHOT,
  /** QEMU's live snapshot over a unix socket. */
  BACKGROUND_SNAPSHOT,
  /** virDomainMemoryPeek. */
  PEEK,
  /** virDomainCoreDumpWithFormat. */
  DUMP,
  /** QMP pmemsave. */
  PMEMSAVE;

  /** As in options and manifests, e.g. shared-memory. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
