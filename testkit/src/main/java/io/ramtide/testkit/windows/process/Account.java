package io.ramtide.testkit.windows.process;

import io.ramtide.testkit.truth.TokenTruth.Group;
import java.util.ArrayList;
import java.util.List;

/** Who a process runs as: user, groups, privileges, and how far it is trusted. */
public enum Account {
  SYSTEM("S-1-5-18", 0x3e7, "system", 0xf_f2ff_ff9cL, 0x0_6080_0000L | 0x80 | 1L << 20),
  LOCAL_SERVICE("S-1-5-19", 0x3e5, "system", 0x2_60a0_1008L | 1L << 34, 0x6080_0000L),
  NETWORK_SERVICE("S-1-5-20", 0x3e4, "system", 0x2_60a0_0028L, 0x6080_0000L),
  USER(Account.COMPUTER + "-1001", 0x1f3a2, "medium", 0x6_0288_0000L, 0x80_0000L),
  ELEVATED(Account.COMPUTER + "-1001", 0x1f36d, "high", 0xe_7297_7f00L | 0x20, 0x6090_0000L),
  RESTRICTED(Account.COMPUTER + "-1001", 0x1f3a2, "low", 0x80_0000L, 0x80_0000L);

  private static final String COMPUTER = "S-1-5-21-3041285077-1720394432-2884411906";
  private static final int ENABLED = 7; // SE_GROUP_MANDATORY | ENABLED_BY_DEFAULT | ENABLED
  private static final int INTEGRITY = 0x60;
  private static final int DENY_ONLY = 0x10;
  private static final int OWNER = 0xf;

  final String sid;
  final long logonId;
  final String integrity;
  final long privileges;
  final long enabled;

  Account(String sid, long logonId, String integrity, long privileges, long enabled) {
    this.sid = sid;
    this.logonId = logonId;
    this.integrity = integrity;
    this.privileges = privileges;
    this.enabled = enabled;
  }

  /** The groups of its token, the integrity level last. */
  List<Group> groups() {
    List<Group> groups = new ArrayList<>();
    groups.add(new Group("S-1-1-0", ENABLED));
    if (this == SYSTEM) {
      groups.add(new Group("S-1-5-32-544", 0xe));
    } else if (isUser()) {
      groups.add(new Group(COMPUTER + "-513", ENABLED));
      groups.add(new Group("S-1-5-32-544", this == ELEVATED ? OWNER : DENY_ONLY));
      groups.add(new Group("S-1-5-32-545", ENABLED));
      groups.add(new Group("S-1-5-4", ENABLED));
      groups.add(new Group("S-1-2-0", ENABLED));
    } else {
      groups.add(new Group("S-1-5-32-545", ENABLED));
      groups.add(new Group("S-1-5-6", ENABLED));
    }
    groups.add(new Group("S-1-5-11", ENABLED));
    groups.add(new Group("S-1-16-" + level(), INTEGRITY));
    return groups;
  }

  /** SID of the user, in the form S-1-5-18. */
  public String sid() {
    return sid;
  }

  boolean isUser() {
    return sid.startsWith(COMPUTER);
  }

  private int level() {
    return switch (integrity) {
      case "low" -> 0x1000;
      case "medium" -> 0x2000;
      case "high" -> 0x3000;
      default -> 0x4000;
    };
  }
}
