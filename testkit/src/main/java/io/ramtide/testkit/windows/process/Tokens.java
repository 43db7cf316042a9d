package io.ramtide.testkit.windows.process;

import io.ramtide.testkit.truth.TokenTruth;
import io.ramtide.testkit.truth.TokenTruth.Group;
import io.ramtide.testkit.truth.TokenTruth.Privilege;
import io.ramtide.testkit.windows.JsonFacts;
import io.ramtide.testkit.windows.KernelSpace;
import io.ramtide.testkit.windows.object.KernelObject;
import io.ramtide.testkit.windows.object.ObjectManager;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Primary tokens. After the TOKEN come its SID_AND_ATTRIBUTES (user first, then groups), then the
 * SIDs they point at.
 */
final class Tokens {

  private static final int PRIMARY = 1;

  private final KernelSpace space;
  private final ObjectManager objects;
  private final JsonFacts privileges = JsonFacts.load("privileges.json");

  Tokens(KernelSpace space, ObjectManager objects) {
    this.space = space;
    this.objects = objects;
  }

  /** A token of an account; what is true of it is {@link #truth}. */
  KernelObject create(Account account, int session, int pid) {
    List<Group> members = new ArrayList<>();
    members.add(new Group(account.sid, 0));
    members.addAll(account.groups());
    int entry = space.facts.size("_SID_AND_ATTRIBUTES");
    int size = space.facts.size("_TOKEN");
    int sids = members.stream().mapToInt(member -> Sid.bytes(member.sid()).length).sum();
    KernelObject token = objects.create("Token", size + entry * members.size() + sids);
    long array = token.va() + size;
    long at = array + (long) entry * members.size();
    for (int i = 0; i < members.size(); i++) {
      byte[] sid = Sid.bytes(members.get(i).sid());
      space.kernel.put(at, sid);
      space
          .struct("_SID_AND_ATTRIBUTES", array + (long) entry * i)
          .u64("Sid", at)
          .u32("Attributes", (int) members.get(i).attributes());
      at += sid.length;
    }
    space
        .struct("_TOKEN", token.va())
        .bytes("TokenSource", source(account).getBytes(StandardCharsets.US_ASCII))
        .u64("TokenId", 0x10000L + 0x1d3L * pid)
        .u64("AuthenticationId", account.logonId)
        .u64("Privileges.Present", account.privileges)
        .u64("Privileges.Enabled", account.enabled & account.privileges)
        .u64("Privileges.EnabledByDefault", account.enabled & account.privileges)
        .u32("SessionId", session)
        .u32("UserAndGroupCount", members.size())
        .u64("UserAndGroups", array)
        .u32("TokenType", PRIMARY)
        .u32("TokenFlags", 0x2000)
        .u32("IntegrityLevelIndex", members.size() - 1)
        .u32("MandatoryPolicy", 3);
    return token;
  }

  /** Who made the token, in eight characters: the logon of a user, the system, or a service's. */
  private static String source(Account account) {
    if (account.isUser()) {
      return "User32 \0";
    }
    return account == Account.SYSTEM ? "*SYSTEM*" : "Advapi  ";
  }

  TokenTruth truth(SimProcess process) {
    Account account = process.account;
    List<Privilege> present = new ArrayList<>();
    for (var name : privileges.at("/names").properties()) {
      long bit = 1L << Integer.parseInt(name.getKey());
      if ((account.privileges & bit) != 0) {
        boolean enabled = (account.enabled & bit) != 0;
        present.add(new Privilege(name.getValue().asText(), enabled, enabled));
      }
    }
    return new TokenTruth(
        process.pid,
        account.sid,
        account.groups(),
        present,
        account.integrity,
        Math.max(0, process.session),
        account.logonId,
        process.token.va(),
        space.kernel.translate(process.token.va()));
  }
}
