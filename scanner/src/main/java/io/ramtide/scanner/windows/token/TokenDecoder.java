package io.ramtide.scanner.windows.token;

import io.ramtide.scanner.windows.guest.Decoder;
import io.ramtide.scanner.windows.guest.FindingSink;
import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.GuestProcess;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.schemas.TokenFinding;
import io.ramtide.schemas.TokenPrivilege;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** The primary token of every process: user, groups, privileges, integrity. */
public final class TokenDecoder implements Decoder {
  private static final long PRIMARY = 1;
  private static final long IMPERSONATION = 2;

  @Override
  public Set<What> kinds() {
    return Set.of(What.tokens);
  }

  @Override
  public void describe(Guest guest, GuestProcess process, FindingSink sink) {
    OptionalLong va = Token.va(process);
    if (va.isPresent()) {
      Token.at(guest, va.getAsLong())
          .ifPresent(
              token ->
                  process.finding().setUserSid(token.userSid()).setIntegrity(token.integrity()));
    }
  }

  @Override
  public void decode(Guest guest, List<GuestProcess> processes, FindingSink sink) {
    for (GuestProcess process : processes) {
      OptionalLong va = Token.va(process);
      if (va.isPresent()) {
        TokenFinding finding = finding(guest, process, va.getAsLong());
        sink.add(What.tokens, finding);
        sink.partly(What.tokens, finding.getStatus());
      } else if (process.object().isEmpty()) {
        sink.incomplete(
            What.tokens, "PID %d: no mapping of its EPROCESS is known".formatted(process.pid()));
      } else {
        process
            .object()
            .flatMap(object -> object.gap("Token"))
            .ifPresent(
                gap ->
                    sink.incomplete(
                        What.tokens, "PID %d: %s".formatted(process.pid(), gap.text())));
      }
    }
  }

  private static TokenFinding finding(Guest guest, GuestProcess process, long va) {
    TokenFinding.Builder finding =
        TokenFinding.newBuilder()
            .setPid(process.pid())
            .setProcessVa(process.finding().getObjectVa())
            .setObjectVa(va);
    Optional<Token> token = Token.at(guest, va);
    if (token.isEmpty()) {
      return finding.setGroups(List.of()).setPrivileges(List.of()).setStatus("not a token").build();
    }
    List<TokenPrivilege> privileges = token.get().privileges();
    return finding
        .setUserSid(token.get().userSid())
        .setGroups(token.get().groups())
        .setPrivileges(privileges)
        .setIntegrity(token.get().integrity())
        .setSessionId(orNull(token.get().fields().u32("SessionId")))
        .setAuthenticationId(orNull(token.get().fields().u64("AuthenticationId")))
        .setTokenType(type(token.get().fields().u32("TokenType")))
        .setStatus(token.get().status())
        .build();
  }

  private static String type(OptionalLong type) {
    if (type.orElse(0) == PRIMARY) {
      return "primary";
    }
    return type.orElse(0) == IMPERSONATION ? "impersonation" : null;
  }

  private static Long orNull(OptionalLong value) {
    return value.isPresent() ? value.getAsLong() : null;
  }
}
