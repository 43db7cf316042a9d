package io.ramtide.acquirer.libvirt;

import java.util.UUID;

/** Something that happened to a guest, or to the connection that tells of the guests. */
public sealed interface GuestEvent {

  /** Something that happened to one guest. */
  sealed interface OfGuest extends GuestEvent {
    UUID uuid();

    String name();
  }

  /** It runs: started, restored, or migrated to this host. A Resumed may come before it. */
  record Started(UUID uuid, String name) implements OfGuest {}

  /** It runs here no longer. */
  record Stopped(UUID uuid, String name, Reason reason) implements OfGuest {}

  /** It was reset; QEMU's process is the same. One reset may be told twice. */
  record Rebooted(UUID uuid, String name) implements OfGuest {}

  /**
   * Its processors stand still.
   *
   * @param own whether a call of this connection's {@link LibvirtGuest} did it
   */
  record Suspended(UUID uuid, String name, boolean own) implements OfGuest {}

  /**
   * Its processors run again.
   *
   * @param own whether a call of this connection's {@link LibvirtGuest} did it
   */
  record Resumed(UUID uuid, String name, boolean own) implements OfGuest {}

  /**
   * A device was plugged, perhaps RAM.
   *
   * @param alias libvirt's name of the device, e.g. dimm0
   */
  record DeviceAdded(UUID uuid, String name, String alias) implements OfGuest {}

  /**
   * A device was unplugged, perhaps RAM.
   *
   * @param alias libvirt's name of the device, e.g. dimm0
   */
  record DeviceRemoved(UUID uuid, String name, String alias) implements OfGuest {}

  /**
   * The balloon leaves the guest another size.
   *
   * @param bytes of RAM
   */
  record BalloonChanged(UUID uuid, String name, long bytes) implements OfGuest {}

  /** Nothing more comes from this connection: connect again. The last event of it. */
  record ConnectionLost(String why) implements GuestEvent {}

  /** Why a guest stopped. */
  enum Reason {
    /** By itself, or asked to. */
    SHUTDOWN,
    /** By the host. */
    DESTROYED,
    /** The guest gave up. */
    CRASHED,
    /** It runs on, on another host. */
    MIGRATED_AWAY,
    /** To a file, to be restored. */
    SAVED,
    /** The hypervisor's process ended unasked, or could not start. */
    FAILED,
    OTHER
  }
}
