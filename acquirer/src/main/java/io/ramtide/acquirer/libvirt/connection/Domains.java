package io.ramtide.acquirer.libvirt.connection;

import static io.ramtide.acquirer.libvirt.connection.LibvirtCalls.LIBVIRT;

import java.nio.ByteBuffer;
import java.util.UUID;
import org.libvirt.jna.DomainPointer;

/** What a domain's native pointer holds, without asking libvirtd. */
public final class Domains {
  private Domains() {}

  public static UUID uuid(DomainPointer domain) {
    byte[] uuid = new byte[16];
    LIBVIRT.virDomainGetUUID(domain, uuid);
    ByteBuffer bytes = ByteBuffer.wrap(uuid);
    return new UUID(bytes.getLong(), bytes.getLong());
  }

  public static byte[] bytes(UUID uuid) {
    return ByteBuffer.allocate(16)
        .putLong(uuid.getMostSignificantBits())
        .putLong(uuid.getLeastSignificantBits())
        .array();
  }
}
