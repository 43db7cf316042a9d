package io.ramtide.acquirer.libvirt.connection;

import java.net.URI;

/** libvirt's URIs: driver[+transport]://[user@][host][:port]/path[?parameters]. */
public final class Uris {
  private Uris() {}

  /** Whether no other host is named. */
  public static boolean isLocal(String uri) {
    try {
      String authority = URI.create(uri).getRawAuthority();
      return authority == null || authority.isEmpty();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
