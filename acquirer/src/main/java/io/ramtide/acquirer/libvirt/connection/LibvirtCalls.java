package io.ramtide.acquirer.libvirt.connection;

import com.sun.jna.Callback;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import java.nio.ByteBuffer;
import java.util.Map;
import org.libvirt.jna.ConnectionPointer;
import org.libvirt.jna.DomainPointer;
import org.libvirt.jna.SizeT;

/**
 * libvirt's calls about domains and their events. libvirt-java lacks some; others it leaves to
 * finalizers, splits into 64 KiB, or spells in the platform's charset.
 */
public interface LibvirtCalls extends Library {
  LibvirtCalls LIBVIRT = load("virt", LibvirtCalls.class);
  Qemu QEMU = load("virt-qemu", Qemu.class);

  int LIST_ACTIVE = 1;
  int MEMORY_PHYSICAL = 2;
  int DUMP_LIVE = 2;
  int DUMP_MEMORY_ONLY = 16;
  int DUMP_FORMAT_RAW = 0;
  int SNAPSHOT_NO_METADATA = 4;
  int SNAPSHOT_LIVE = 256;

  /** virDomainMemoryPeek's limit, bytes: VIR_NET_MESSAGE_PAYLOAD_MAX leaves that much. */
  int PEEK_BYTES = 4 << 20;

  private static <T extends Library> T load(String name, Class<T> calls) {
    return Native.load(name, calls, Map.of(Library.OPTION_STRING_ENCODING, "UTF-8"));
  }

  int virConnectListAllDomains(ConnectionPointer connection, PointerByReference list, int flags);

  DomainPointer virDomainLookupByUUID(ConnectionPointer connection, byte[] uuid);

  int virDomainFree(DomainPointer domain);

  int virDomainGetID(DomainPointer domain);

  String virDomainGetName(DomainPointer domain);

  int virDomainGetUUID(DomainPointer domain, byte[] uuid);

  int virDomainGetState(
      DomainPointer domain, IntByReference state, IntByReference reason, int flags);

  /** The caller frees the text. */
  Pointer virDomainGetXMLDesc(DomainPointer domain, int flags);

  int virDomainSuspend(DomainPointer domain);

  int virDomainResume(DomainPointer domain);

  /** The target must be direct. */
  int virDomainMemoryPeek(
      DomainPointer domain, long start, SizeT size, ByteBuffer target, int flags);

  int virDomainCoreDumpWithFormat(DomainPointer domain, String file, int format, int flags);

  Pointer virDomainSnapshotCreateXML(DomainPointer domain, String xml, int flags);

  int virDomainSnapshotFree(Pointer snapshot);

  int virConnectDomainEventRegisterAny(
      ConnectionPointer connection,
      DomainPointer allIfNull,
      int event,
      Callback callback,
      Pointer opaque,
      Pointer free);

  int virConnectDomainEventDeregisterAny(ConnectionPointer connection, int registration);

  int virConnectRegisterCloseCallback(
      ConnectionPointer connection, Callback callback, Pointer opaque, Pointer free);

  int virConnectUnregisterCloseCallback(ConnectionPointer connection, Callback callback);

  /** The calls of libvirt-qemu.so. */
  interface Qemu extends Library {
    int MONITOR_HUMAN = 1;

    /** The caller frees the reply. */
    int virDomainQemuMonitorCommand(
        DomainPointer domain, String command, PointerByReference reply, int flags);
  }

  /** A text that libvirt allocated; it is freed. */
  static String take(Pointer text) {
    try {
      return text.getString(0, "UTF-8");
    } finally {
      Native.free(Pointer.nativeValue(text));
    }
  }
}
