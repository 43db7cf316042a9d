package io.ramtide.cli.render;

/** Addresses with ports as people write them. */
public final class SocketText {
  private SocketText() {}

  /** TCP and UDP with the IP version, e.g. TCPv4. */
  public static String protocol(String protocol, int ipVersion) {
    return protocol + "v" + ipVersion;
  }

  /**
   * 192.0.2.1:80 or [2001:db8::1]:80; null if neither is known.
   *
   * @param status why the address is null
   */
  public static String of(String address, String status, Integer port) {
    if (address == null && port == null) {
      return null;
    }
    String host =
        address == null
            ? status == null ? "?" : "(" + status + ")"
            : address.indexOf(':') >= 0 ? "[" + address + "]" : address;
    return host + ":" + (port == null ? "?" : port);
  }
}
