package io.ramtide.acquirer.libvirt;

import io.ramtide.acquirer.libvirt.connection.HypervisorException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A JVM of its own that connects, for what must be so in a whole process. */
final class Child {
  private Child() {}

  /** What connecting there printed; the command is put in front of java's. */
  static List<String> connecting(String uri, String... command)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of(command));
    all.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    all.addAll(List.of("-cp", System.getProperty("java.class.path")));
    all.addAll(List.of("-Djna.tmpdir=/tmp", "-XX:TieredStopAtLevel=1"));
    if (Runtime.version().feature() >= 22) {
      all.add("--enable-native-access=ALL-UNNAMED");
    }
    all.addAll(List.of(Child.class.getName(), uri));
    Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return printed.lines().filter(line -> !line.contains(" DEBUG ")).toList();
  }

  public static void main(String[] arguments) {
    try (Hypervisor hypervisor = Hypervisor.connect(arguments[0])) {
      System.out.println(hypervisor.facts());
    } catch (HypervisorException e) {
      System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage());
    }
  }
}
