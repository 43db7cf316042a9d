package io.ramtide.acquirer;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;

/** Who captures. */
public final class Program {
  /** Name and version. */
  public static final String NAME = "ramtide-acquirer " + version();

  /** Host name, as manifests and heartbeats tell it. */
  public static final String HOST = host();

  private Program() {}

  private static String version() {
    try (InputStream in = Program.class.getResourceAsStream("version")) {
      return in == null ? "unknown" : new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      return "unknown";
    }
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }
}
