package io.ramtide.testkit.windows.process;

import java.util.Map;
import java.util.Set;

/**
 * A process to be started.
 *
 * @param path path of its image with the drive letter; empty for one without user memory
 * @param session session it runs in, -1 for none
 * @param intruded whether somebody planted code and hid modules in it
 */
public record Launch(
    int pid,
    int parentPid,
    String imageName,
    String path,
    String commandLine,
    int session,
    Account account,
    boolean intruded) {

  private static final Set<String> SESSION_LESS =
      Set.of("System", "Registry", "smss.exe", "MemCompression");
  private static final Set<String> WITHOUT_USER_MEMORY =
      Set.of("System", "Registry", "MemCompression");
  private static final Map<String, Account> ACCOUNTS =
      Map.of(
          "explorer.exe", Account.USER,
          "taskhost.exe", Account.USER,
          "taskhostw.exe", Account.USER,
          "sihost.exe", Account.USER,
          "RuntimeBroker.exe", Account.USER,
          "jusched.exe", Account.USER,
          "audiodg.exe", Account.LOCAL_SERVICE,
          "plugin-container.exe", Account.RESTRICTED);
  private static final Set<String> SECOND_SESSION = Set.of("winlogon.exe", "dwm.exe");

  /**
   * A start as this Windows would decide it: session and account follow from the program and from
   * who starts it.
   *
   * @param parent the process that starts it; null if that is gone
   * @param before how many processes of this name there were
   */
  public static Launch of(
      int pid,
      int parentPid,
      SimProcess parent,
      String imageName,
      String path,
      String commandLine,
      int before,
      boolean intruder) {
    Account account = ACCOUNTS.get(imageName);
    int session = parent == null ? 0 : Math.max(0, parent.session);
    if (imageName.equals("svchost.exe")) {
      account = before % 3 == 1 ? Account.NETWORK_SERVICE : Account.LOCAL_SERVICE;
      account = before % 3 == 0 ? Account.SYSTEM : account;
    } else if (imageName.equals("csrss.exe")) {
      session = before % 2;
    } else if (SECOND_SESSION.contains(imageName)) {
      session = 1;
    } else if (SESSION_LESS.contains(imageName)) {
      session = -1;
    }
    if (account == null) {
      account = parent == null ? Account.SYSTEM : parent.account;
    } else if (account.isUser()) {
      session = 1;
    }
    return new Launch(
        pid,
        parentPid,
        imageName,
        WITHOUT_USER_MEMORY.contains(imageName) ? "" : path,
        commandLine,
        session,
        account,
        intruder && imageName.equals("explorer.exe"));
  }

  boolean wow64() {
    return path.contains("(x86)") || path.contains("\\SysWOW64\\");
  }
}
