package io.ramtide.testkit.truth;

import java.util.List;

/**
 * The primary token of a process. VA: virtual address, GPA: guest-physical address.
 *
 * @param pid process id
 * @param userSid in the form S-1-...
 * @param groups without the user, in their order; the integrity level is one of them
 * @param privileges those present, by LUID
 * @param integrity low, medium, high or system
 * @param sessionId session; the token of a process without a session has 0
 * @param authenticationId LUID of the logon session
 * @param objectVa VA of the TOKEN
 * @param objectGpa GPA of the TOKEN
 */
public record TokenTruth(
    int pid,
    String userSid,
    List<Group> groups,
    List<Privilege> privileges,
    String integrity,
    int sessionId,
    long authenticationId,
    long objectVa,
    long objectGpa) {
  /**
   * A group.
   *
   * @param attributes SE_GROUP_* bits
   */
  public record Group(String sid, long attributes) {}

  /** A privilege, by its name. */
  public record Privilege(String name, boolean enabled, boolean enabledByDefault) {}

  public TokenTruth {
    groups = List.copyOf(groups);
    privileges = List.copyOf(privileges);
  }
}
