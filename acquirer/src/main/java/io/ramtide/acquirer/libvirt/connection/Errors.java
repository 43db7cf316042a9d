package io.ramtide.acquirer.libvirt.connection;

import io.ramtide.acquirer.live.GuestGoneException;
import io.ramtide.acquirer.live.MethodUnavailableException;
import java.io.IOException;
import org.libvirt.Error;
import org.libvirt.Error.ErrorNumber;
import org.libvirt.LibvirtException;
import org.libvirt.jna.Libvirt;
import org.libvirt.jna.virError;

/** libvirt's errors as messages that say what, where, and what to do. */
public final class Errors {
  private static final int ENOENT = 2;
  private static final int EACCES = 13;
  private static final int ECONNREFUSED = 111;

  private Errors() {}

  /** What the last call of this thread failed with; null if libvirt does not say. */
  public static Error last() {
    virError error = Libvirt.INSTANCE.virGetLastError();
    return error == null || error.code == 0 ? null : new Error(error);
  }

  /** This host has no libvirt library, or one that lacks a call. */
  static HypervisorException noLibrary(LinkageError e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return new HypervisorException(
        "cannot load libvirt's client library (libvirt.so.0, libvirt-qemu.so.0): "
            + firstLine(cause)
            + "; install it: apt install libvirt0, or dnf install libvirt-libs",
        e);
  }

  public static HypervisorException connecting(String uri, LibvirtException e) {
    Error error = e.getError();
    String said = text(error);
    String where = "libvirt at " + uri;
    String hint = uri.startsWith("qemu") ? "" : "; or was qemu:///system meant?";
    return new HypervisorException(
        switch (error.getCode()) {
          case VIR_ERR_SYSTEM_ERROR ->
              switch (error.getInt1()) {
                case EACCES -> noPermission(where, said);
                case ENOENT, ECONNREFUSED ->
                    "nothing answers for "
                        + where
                        + ": "
                        + said
                        + "; start it: systemctl start libvirtd (or virtqemud)"
                        + hint;
                default -> "cannot connect to " + where + ": " + said + hint;
              };
          case VIR_ERR_AUTH_FAILED,
              VIR_ERR_AUTH_CANCELLED,
              VIR_ERR_AUTH_UNAVAILABLE,
              VIR_ERR_OPERATION_DENIED,
              VIR_ERR_ACCESS_DENIED ->
              noPermission(where, said);
          case VIR_ERR_NO_CONNECT, VIR_ERR_INVALID_ARG, VIR_ERR_XML_ERROR, VIR_ERR_CONF_SYNTAX ->
              "no hypervisor known as "
                  + uri
                  + ": "
                  + said
                  + "; for QEMU on this machine it is qemu:///system";
          default -> "cannot connect to " + where + ": " + said + hint;
        },
        e);
  }

  private static String noPermission(String where, String said) {
    return "no permission to manage "
        + where
        + ": "
        + said
        + "; run as root or as a member of group libvirt, or allow org.libvirt.unix.manage in polkit";
  }

  public static HypervisorException lost(String uri, String said) {
    return new HypervisorException(
        "the connection to libvirt at " + uri + " is lost: " + said + "; connect again", null);
  }

  /**
   * Why a call failed over a connection that lives.
   *
   * @param what was to be done, e.g. cannot suspend guest X
   * @param type of the hypervisor, e.g. QEMU
   */
  public static IOException calling(String what, String uri, String type, Error error) {
    String said = text(error);
    if (error == null) {
      return new HypervisorException(what + ": " + said, null);
    }
    return switch (error.getCode()) {
      case VIR_ERR_NO_DOMAIN -> new GuestGoneException(what + ": " + said, null);
      case VIR_ERR_NO_SUPPORT,
          VIR_ERR_OPERATION_UNSUPPORTED,
          VIR_ERR_ARGUMENT_UNSUPPORTED,
          VIR_ERR_CONFIG_UNSUPPORTED ->
          new MethodUnavailableException(
              what + ": the hypervisor " + type + " does not offer it: " + said, null);
      case VIR_ERR_OPERATION_DENIED, VIR_ERR_ACCESS_DENIED, VIR_ERR_AUTH_FAILED ->
          new HypervisorException(what + ": " + noPermission("libvirt at " + uri, said), null);
      case VIR_ERR_OPERATION_TIMEOUT ->
          new HypervisorException(
              what + ": another operation holds the guest: " + said + "; wait for it to end", null);
      default -> new HypervisorException(what + ": " + said, null);
    };
  }

  /** Whether the error may mean no more than that the guest has ended. */
  public static boolean mayBeGone(Error error) {
    return error == null
        || error.getCode() == ErrorNumber.VIR_ERR_OPERATION_INVALID
        || error.getCode() == ErrorNumber.VIR_ERR_OPERATION_FAILED
        || error.getCode() == ErrorNumber.VIR_ERR_INTERNAL_ERROR;
  }

  public static String text(Error error) {
    return error == null || error.getMessage() == null
        ? "libvirt does not say why"
        : Shown.line(error.getMessage());
  }

  private static String firstLine(Throwable e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("").replaceFirst(":$", "");
  }
}
