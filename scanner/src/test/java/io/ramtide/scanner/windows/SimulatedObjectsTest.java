package io.ramtide.scanner.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.scanner.windows.guest.What;
import io.ramtide.schemas.FileFinding;
import io.ramtide.schemas.HandleFinding;
import io.ramtide.schemas.MutexFinding;
import io.ramtide.schemas.SymbolicLinkFinding;
import io.ramtide.schemas.TokenFinding;
import io.ramtide.testkit.GroundTruth;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Objects of a guest of every build that is simulated. */
class SimulatedObjectsTest {
  @ParameterizedTest
  @MethodSource("io.ramtide.scanner.windows.SimulatedCase#all")
  void everyKind_isTheTruth(String build) {
    SimulatedCase guest = SimulatedCase.of(build);
    GroundTruth truth = guest.truth();
    Set<Long> running =
        truth.programs().stream().map(p -> (long) p.pid()).collect(Collectors.toSet());

    // An ended process may still have its token, but nothing is promised of it.
    List<String> found =
        Stream.of(
                guest.found(HandleFinding.class),
                guest.found(TokenFinding.class).filter(t -> running.contains(t.getPid())),
                guest.found(FileFinding.class),
                guest.found(MutexFinding.class),
                guest.found(SymbolicLinkFinding.class))
            .flatMap(findings -> findings)
            .map(SimulatedObjectsTest::line)
            .toList();

    assertThat(found).containsExactlyInAnyOrderElementsOf(lines(truth));
    for (What kind : List.of(What.files, What.mutexes, What.symbolicLinks, What.handles)) {
      assertThat(guest.coverage(kind).getDetail()).isNull();
    }
  }

  private static List<String> lines(GroundTruth truth) {
    List<String> lines = new ArrayList<>();
    truth
        .handles()
        .forEach(
            handle ->
                lines.add(
                    "handle %d %x %s %s %x %x"
                        .formatted(
                            handle.pid(),
                            handle.handle(),
                            handle.objectType(),
                            handle.name(),
                            handle.grantedAccess(),
                            handle.objectVa())));
    truth
        .tokens()
        .forEach(
            token ->
                lines.add(
                    "token %d %s groups %s privileges %s %s %d %x %x"
                        .formatted(
                            token.pid(),
                            token.userSid(),
                            token.groups().stream()
                                .map(group -> group.sid() + " " + group.attributes())
                                .toList(),
                            token.privileges().stream()
                                .map(p -> p.name() + " " + p.enabled() + p.enabledByDefault())
                                .sorted()
                                .toList(),
                            token.integrity(),
                            token.sessionId(),
                            token.authenticationId(),
                            token.objectVa())));
    truth.files().stream()
        .filter(file -> !file.freed())
        .forEach(
            file ->
                lines.add(
                    "file %s %s %s %s %x"
                        .formatted(
                            file.device(),
                            file.name(),
                            file.access().toLowerCase(Locale.ROOT),
                            file.sharing().toLowerCase(Locale.ROOT),
                            file.objectGpa())));
    truth.mutexes().stream()
        .filter(mutex -> !mutex.freed())
        .forEach(
            mutex ->
                lines.add(
                    "mutex %s %d %d %s %x"
                        .formatted(
                            mutex.name(),
                            mutex.ownerPid(),
                            mutex.ownerTid(),
                            mutex.abandoned(),
                            mutex.objectGpa())));
    truth
        .symbolicLinks()
        .forEach(
            link ->
                lines.add(
                    "link %s %s %d %x"
                        .formatted(
                            link.name(), link.target(), link.createTime(), link.objectGpa())));
    return lines;
  }

  private static String line(SpecificRecord finding) {
    if (finding instanceof HandleFinding handle) {
      return "handle %d %x %s %s %x %x"
          .formatted(
              handle.getPid(),
              handle.getHandle(),
              handle.getObjectType(),
              path(handle.getDirectory(), handle.getName()),
              handle.getGrantedAccess(),
              handle.getObjectVa());
    }
    if (finding instanceof TokenFinding token) {
      return "token %d %s groups %s privileges %s %s %d %x %x"
          .formatted(
              token.getPid(),
              token.getUserSid(),
              token.getGroups().stream()
                  .map(group -> group.getSid() + " " + group.getAttributes())
                  .toList(),
              token.getPrivileges().stream()
                  .map(p -> p.getName() + " " + p.getEnabled() + p.getEnabledByDefault())
                  .sorted()
                  .toList(),
              token.getIntegrity(),
              token.getSessionId(),
              token.getAuthenticationId(),
              token.getObjectVa());
    }
    if (finding instanceof FileFinding file) {
      return "file %s %s %s %s %x"
          .formatted(
              file.getDevice(),
              file.getName(),
              file.getAccess(),
              file.getSharing(),
              file.getObjectGpa());
    }
    if (finding instanceof MutexFinding mutex) {
      return "mutex %s %d %d %s %x"
          .formatted(
              orEmpty(mutex.getName()),
              mutex.getOwnerPid() == null ? 0 : mutex.getOwnerPid(),
              mutex.getOwnerTid() == null ? 0 : mutex.getOwnerTid(),
              mutex.getAbandoned(),
              mutex.getObjectGpa());
    }
    SymbolicLinkFinding link = (SymbolicLinkFinding) finding;
    return "link %s %s %d %x"
        .formatted(link.getName(), link.getTarget(), link.getCreateTime(), link.getObjectGpa());
  }

  /** The truth has full paths; a directory that is the root ends in its separator already. */
  private static String path(String directory, String name) {
    if (directory == null || name == null) {
      return orEmpty(name);
    }
    return directory.equals("\\") ? directory + name : directory + "\\" + name;
  }

  private static String orEmpty(String text) {
    return text == null ? "" : text;
  }
}
