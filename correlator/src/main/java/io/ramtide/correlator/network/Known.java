package io.ramtide.correlator.network;

import io.ramtide.schemas.EndpointFinding;
import java.util.Objects;

/** What is known of an endpoint after another capture: pages come and go, facts stay. */
final class Known {
  private Known() {}

  /**
   * @param old what was known
   * @param now what the capture has; another object, if the connection went into TIME_WAIT
   */
  static EndpointFinding update(EndpointFinding old, EndpointFinding now) {
    EndpointFinding.Builder known =
        EndpointFinding.newBuilder(now)
            .setLocalAddress(better(now.getLocalAddress(), old.getLocalAddress()))
            .setLocalPort(better(now.getLocalPort(), old.getLocalPort()))
            .setRemoteAddress(better(now.getRemoteAddress(), old.getRemoteAddress()))
            .setRemotePort(better(now.getRemotePort(), old.getRemotePort()))
            .setState(either(now.getState(), old.getState()))
            .setCreateTime(createTime(old, now));
    if (now.getObjectVa() == null && Objects.equals(now.getObjectGpa(), old.getObjectGpa())) {
      known.setObjectVa(old.getObjectVa());
    }
    if (known.getLocalAddress() != null
        && (known.getRemoteAddress() != null || known.getRemotePort() == null)) {
      known.setAddressStatus(null);
    }
    keepOwner(old, now, known);
    return known.build();
  }

  /** Of a connection, not of the block that keeps it in TIME_WAIT. */
  private static Long createTime(EndpointFinding old, EndpointFinding now) {
    return Endpoints.isTimeWait(now)
        ? either(old.getCreateTime(), now.getCreateTime())
        : either(now.getCreateTime(), old.getCreateTime());
  }

  private static void keepOwner(
      EndpointFinding old, EndpointFinding now, EndpointFinding.Builder known) {
    if (now.getPid() == null) {
      known
          .setPid(old.getPid())
          .setProcessName(old.getProcessName())
          .setOwnerVa(
              old.getPid() != null ? old.getOwnerVa() : either(now.getOwnerVa(), old.getOwnerVa()));
      if (old.getPid() != null) {
        known.setOwnerStatus(null);
      }
    } else if (now.getPid().equals(old.getPid())) {
      known.setProcessName(either(now.getProcessName(), old.getProcessName()));
    }
  }

  private static String better(String now, String old) {
    return old == null || Endpoints.isKnown(now) ? now : either(unlessAny(old), now, old);
  }

  private static String unlessAny(String address) {
    return Endpoints.isKnown(address) ? address : null;
  }

  private static Integer better(Integer now, Integer old) {
    return Endpoints.isKnown(now) || old == null ? now : old;
  }

  private static String either(String first, String second, String third) {
    return either(first, either(second, third));
  }

  private static <T> T either(T first, T second) {
    return first != null ? first : second;
  }
}
