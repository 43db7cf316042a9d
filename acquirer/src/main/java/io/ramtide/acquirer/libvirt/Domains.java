package io.ramtide.acquirer.libvirt;

import static io.ramtide.acquirer.libvirt.LibvirtCalls.LIBVIRT;

import java.nio.ByteBuffer;
import java.util.UUID;
import org.libvirt.jna.DomainPointer;

/** What a domain's native pointer holds, without asking libvirtd. */
final class Domains {
  private Domains() {}

  static UUID uuid(DomainPointer domain) {
    byte[] uuid = new byte[16];
    LIBVIRT.virDomainGetUUID(domain, uuid);
    ByteBuffer bytes = ByteBuffer.wrap(uuid);
    return new UUID(bytes.getLong(), bytes.getLong());
  }

  static byte[] bytes(UUID uuid) {
    return ByteBuffer.allocate(16)
        .putLong(uuid.getMostSignificantBits())
        .putLong(uuid.getLeastSignificantBits())
        .array();
  }
}
