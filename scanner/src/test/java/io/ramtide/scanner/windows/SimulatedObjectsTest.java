package io.ramtide.scanner.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.scanner.memory.TestMemory;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.schemas.FileFinding;
import io.ramtide.schemas.HandleFinding;
import io.ramtide.schemas.MutexFinding;
import io.ramtide.schemas.SymbolicLinkFinding;
import io.ramtide.schemas.SystemFinding;
import io.ramtide.schemas.TokenFinding;
import io.ramtide.testkit.GroundTruth;
import io.ramtide.testkit.SimulatedGuest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Objects of a guest of every build that is simulated. */
class SimulatedObjectsTest {
  private static final Set<What> KINDS =
      EnumSet.of(What.handles, What.tokens, What.files, What.mutexes, What.symbolicLinks);

  @TempDir Path folder;

  static List<Integer> builds() {
    return SimulatedGuest.builds();
  }

  @ParameterizedTest
  @MethodSource("builds")
  void everyKind_isTheTruth(int build) throws IOException {
    SimulatedGuest guest = SimulatedGuest.ofBuild(build, 11).ram(96L << 20).boot();
    Path file = folder.resolve("guest.raw");
    guest.snapshot().writeRaw(file);
    List<String> found = new ArrayList<>();

    new WindowsAnalyzer()
        .analyze(
            TestMemory.raw(file),
            KINDS,
            finding -> {
              if (!(finding instanceof SystemFinding)) {
                found.add(line(finding));
              }
            });

    assertThat(found).containsExactlyInAnyOrderElementsOf(lines(guest.truth()));
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
                    "token %d %s %d groups %d privileges %s %d %x %x"
                        .formatted(
                            token.pid(),
                            token.userSid(),
                            token.groups().size(),
                            token.privileges().size(),
                            token.integrity(),
                            token.sessionId(),
                            token.authenticationId(),
                            token.objectVa())));
    truth
        .files()
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
    truth
        .mutexes()
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
      return "token %d %s %d groups %d privileges %s %d %x %x"
          .formatted(
              token.getPid(),
              token.getUserSid(),
              token.getGroups().size(),
              token.getPrivileges().size(),
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
