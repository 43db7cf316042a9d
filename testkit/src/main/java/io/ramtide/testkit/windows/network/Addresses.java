package io.ramtide.testkit.windows.network;

import io.ramtide.testkit.windows.network.Memory.Place;
import java.util.HashMap;
import java.util.Map;

/**
 * Address families and addresses. Endpoints share them, as they share those of the interfaces and
 * paths; none is ever given back.
 */
final class Addresses {

  private static final int BYTES = 0x28; // of an address in the structure that holds it

  private final Memory memory;
  private final Map<Integer, Long> families = new HashMap<>();
  private final Map<String, Long> holders = new HashMap<>();
  private final Map<String, Long> locals = new HashMap<>();
  private final Map<String, Long> udpLocals = new HashMap<>();
  private final Map<String, Long> pairs = new HashMap<>();

  Addresses(Memory memory) {
    this.memory = memory;
  }

  /** VA of the INETAF of an IP version. */
  long family(int ipVersion) {
    return families.computeIfAbsent(
        ipVersion,
        version ->
            memory
                .make("family", "_INETAF")
                .u16("AddressFamily", memory.facts().family(version))
                .va());
  }

  /** VA of the LOCAL_ADDRESS of a TCP endpoint; 0 for any. */
  long local(Address address) {
    return address.any() ? 0 : locals.computeIfAbsent(address.text(), text -> makeLocal(address));
  }

  /** VA of the LOCAL_ADDRESS of a UDP endpoint; 0 for any. */
  long udpLocal(Address address) {
    if (address.any() || !memory.facts().has("_LOCAL_ADDRESS_UDP", "pData")) {
      return local(address);
    }
    return udpLocals.computeIfAbsent(address.text(), text -> makeUdpLocal(address));
  }

  /** VA of the ADDRINFO of a connection. */
  long pair(Address local, Address remote) {
    return pairs.computeIfAbsent(
        local.text() + " " + remote.text(),
        text ->
            memory
                .make("address", "_ADDRINFO")
                .u64("Local", local(local))
                .u64("Remote", bytes(remote))
                .va());
  }

  /** VA of the bytes of an address. */
  long bytes(Address address) {
    return holder(address) + BYTES;
  }

  private long makeLocal(Address address) {
    return memory.make("address", "_LOCAL_ADDRESS").u64("pData", holder(address)).va();
  }

  /** Names the bytes, and besides, two steps away, what lies 18h before them. */
  private long makeUdpLocal(Address address) {
    Place local = memory.make("address", "_LOCAL_ADDRESS_UDP").u64("pData", bytes(address));
    long step = local.address("Indirect") + 8;
    local.u64("Indirect", step);
    memory.u64(step, bytes(address) - 0x18);
    return local.va();
  }

  /** A structure that names the bytes of an address at 0 and has them at 28h. */
  private long holder(Address address) {
    return holders.computeIfAbsent(
        address.text(),
        text -> {
          long va = memory.allocate("address", BYTES + 16).body();
          memory.u64(va, va + BYTES);
          memory.u64(va + 0x10, va);
          memory.u64(va + 0x18, family(address.version()));
          memory.space().kernel.put(va + BYTES, address.bytes());
          return va;
        });
  }
}
