package io.ramtide.scanner.windows.token;

import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.GuestProcess;
import io.ramtide.scanner.windows.guest.GuestText;
import io.ramtide.scanner.windows.guest.Struct;
import io.ramtide.scanner.windows.object.ObjectManager;
import io.ramtide.schemas.TokenGroup;
import io.ramtide.schemas.TokenPrivilege;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** A TOKEN, as far as it can be read. */
final class Token {
  /** Windows lets a token have 1024 groups, and the user. */
  private static final int MAX_SIDS = 1025;

  private static final String LABEL = "S-1-16-";

  /** Low bits of an EX_FAST_REF are a count. */
  private static final long FAST_REF_COUNT = 0xf;

  private static final String OBJECT_TYPE = "Token";

  private final Guest guest;
  private final Struct fields;
  private final List<TokenGroup> sids = new ArrayList<>();
  private final Set<String> missing = new LinkedHashSet<>();

  private Token(Guest guest, long va) {
    this.guest = guest;
    this.fields = guest.struct("TOKEN", va);
    readSids();
  }

  /** VA of a process's token; empty if it has none or it cannot be read. */
  static OptionalLong va(GuestProcess process) {
    OptionalLong reference =
        process.object().map(object -> object.u64("Token")).orElse(OptionalLong.empty());
    long va = reference.orElse(0) & ~FAST_REF_COUNT;
    return va == 0 ? OptionalLong.empty() : OptionalLong.of(va);
  }

  /**
   * The token at a VA; empty if there is something else. Where object types are not known, the
   * place is believed.
   */
  static Optional<Token> at(Guest guest, long va) {
    Optional<String> type = ObjectManager.of(guest).typeOf(va);
    boolean isOther = type.isPresent() && !type.get().equals(OBJECT_TYPE);
    return guest.isKernelAddress(va) && !isOther
        ? Optional.of(new Token(guest, va))
        : Optional.empty();
  }

  private void readSids() {
    OptionalLong count = fields.u32("UserAndGroupCount");
    OptionalLong array = fields.u64("UserAndGroups");
    if (count.isEmpty() || array.isEmpty()) {
      missing.add("token: " + fields.gap().orElseThrow().status());
      return;
    }
    if (count.getAsLong() > MAX_SIDS) {
      missing.add("only %d of %d groups were read".formatted(MAX_SIDS, count.getAsLong()));
    }
    long known = Math.min(count.getAsLong(), MAX_SIDS);
    if (known > 0 && !guest.isKernelAddress(array.getAsLong())) {
      missing.add("groups: not a kernel address");
      return;
    }
    for (int i = 0; i < known; i++) {
      long size = guest.type("SID_AND_ATTRIBUTES").size();
      readSid(guest.struct("SID_AND_ATTRIBUTES", array.getAsLong() + i * size), i);
    }
  }

  private void readSid(Struct entry, int index) {
    String what = index == 0 ? "user" : "groups";
    OptionalLong sid = entry.u64("Sid");
    OptionalLong attributes = entry.u32("Attributes");
    GuestText text = GuestText.NONE;
    if (sid.isEmpty() || attributes.isEmpty()) {
      missing.add(what + ": " + entry.gap().orElseThrow().status());
    } else if (!guest.isKernelAddress(sid.getAsLong())) {
      missing.add(what + ": not a kernel address");
    } else {
      text = Sid.read(guest, sid.getAsLong());
      if (text.value() == null) {
        missing.add(what + ": " + text.status());
      }
    }
    sids.add(text.value() == null ? null : new TokenGroup(text.value(), attributes.orElseThrow()));
  }

  /** Null if it could not be read. */
  String userSid() {
    return sids.isEmpty() || sids.get(0) == null ? null : sids.get(0).getSid();
  }

  /** Those that could be read, without the user. */
  List<TokenGroup> groups() {
    return sids.stream().skip(1).filter(group -> group != null).toList();
  }

  List<TokenPrivilege> privileges() {
    long start = fields.address("Privileges");
    Struct bits = guest.struct("SEP_TOKEN_PRIVILEGES", start);
    OptionalLong present = bits.u64("Present");
    OptionalLong enabled = bits.u64("Enabled");
    OptionalLong byDefault = bits.u64("EnabledByDefault");
    if (present.isEmpty() || enabled.isEmpty() || byDefault.isEmpty()) {
      missing.add("privileges: " + bits.gap().orElseThrow().status());
      return List.of();
    }
    List<TokenPrivilege> privileges = new ArrayList<>();
    for (int luid = 0; luid < Long.SIZE; luid++) {
      if (isSet(present, luid)) {
        privileges.add(
            new TokenPrivilege(
                Rights.privilege(luid), isSet(enabled, luid), isSet(byDefault, luid)));
      }
    }
    return privileges;
  }

  private static boolean isSet(OptionalLong bits, int bit) {
    return (bits.getAsLong() >>> bit & 1) != 0;
  }

  /** Of the group that IntegrityLevelIndex names, or of the only one with a label. */
  String integrity() {
    int index = (int) fields.u32("IntegrityLevelIndex").orElse(-1);
    boolean isNamed = index >= 0 && index < sids.size() && isLabel(sids.get(index));
    return isNamed
        ? integrity(sids.get(index))
        : sids.stream().filter(Token::isLabel).findFirst().map(Token::integrity).orElse(null);
  }

  private static boolean isLabel(TokenGroup group) {
    return group != null && group.getSid().matches(LABEL + "\\d+");
  }

  private static String integrity(TokenGroup label) {
    return Rights.integrity(Long.parseLong(label.getSid().substring(LABEL.length())));
  }

  Struct fields() {
    return fields;
  }

  /** What could not be read, and why; null if all was. */
  String status() {
    return missing.isEmpty() ? null : String.join("; ", missing);
  }
}
