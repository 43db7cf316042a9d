package io.ramtide.testkit.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a host must have for a lab. */
final class Requirements {

  private static final Map<String, String> PROGRAMS =
      Map.of(
          "libvirtd", "libvirt-daemon-system",
          "virsh", "libvirt-clients",
          "qemu-system-x86_64", "qemu-system-x86",
          "unshare", "util-linux",
          "nsenter", "util-linux",
          "setsid", "util-linux");

  private static Optional<String> answer;

  private Requirements() {}

  static synchronized Optional<String> missing() {
    if (answer == null) {
      answer = look();
    }
    return answer;
  }

  private static Optional<String> look() {
    if (!System.getProperty("os.name").equals("Linux")) {
      return Optional.of("this is not Linux");
    }
    for (Map.Entry<String, String> program : PROGRAMS.entrySet()) {
      if (!installed(program.getKey())) {
        return Optional.of(
            "there is no %s (package %s)".formatted(program.getKey(), program.getValue()));
      }
    }
    try {
      if (!Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))) {
        return Optional.of("a private libvirtd needs root");
      }
      Tool.run(List.of("unshare", "--mount", "--propagation", "private", "true"));
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of("no mount namespace can be made: " + e.getMessage());
    }
  }

  private static boolean installed(String program) {
    return Arrays.stream(System.getenv("PATH").split(":", -1))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }
}
