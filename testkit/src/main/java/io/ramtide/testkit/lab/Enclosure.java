package io.ramtide.testkit.lab;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A mount namespace in which libvirt's folders are those of the lab, held by a shell that reads
 * from this JVM. When that ends, in order or not, the shell kills what runs in the lab and deletes
 * the folder.
 */
final class Enclosure {

  /** libvirtd is killed first, so that it starts no guest any more. */
  private static final String SCRIPT =
      """
      set -eu
      cd "$1"
      trap '' INT TERM HUP
      for pair in etc:/etc/libvirt run:/run/libvirt lib:/var/lib/libvirt \\
          log:/var/log/libvirt cache:/var/cache/libvirt; do
        mkdir -p "${pair%%:*}" "${pair#*:}"
        mount --bind "${pair%%:*}" "${pair#*:}"
      done
      echo ready
      read -r end || true
      for file in libvirtd.pid run/qemu/*.pid; do
        [ -e "$file" ] || continue
        pid=$(cat "$file")
        if grep -qsF "$1" "/proc/$pid/cmdline"; then
          kill -9 "$pid" || true
          while grep -qs . "/proc/$pid/cmdline"; do sleep 0.01; done
        fi
      done
      cd /
      for pair in /etc/libvirt /run/libvirt /var/lib/libvirt /var/log/libvirt /var/cache/libvirt; do
        umount "$pair" || true
      done
      rm -rf "$1"
      """;

  private final Process holder;

  Enclosure(Path folder) throws IOException {
    holder =
        new ProcessBuilder(
                "setsid",
                "unshare",
                "--mount",
                "--propagation",
                "private",
                "sh",
                "-c",
                SCRIPT,
                "ramtide-lab",
                folder.toString())
            .redirectErrorStream(true)
            .start();
    BufferedReader output =
        new BufferedReader(new InputStreamReader(holder.getInputStream(), StandardCharsets.UTF_8));
    String line = output.readLine();
    if (!"ready".equals(line)) {
      throw new IOException("the lab's mount namespace could not be made: " + line);
    }
  }

  /** The command that runs another one inside. */
  List<String> inside(String... command) {
    List<String> all = new ArrayList<>();
    all.addAll(List.of("nsenter", "--target", Long.toString(holder.pid()), "--mount", "--"));
    all.addAll(List.of(command));
    return all;
  }

  /** Ends everything in it, and waits for that. */
  void close() {
    try {
      holder.getOutputStream().close();
      holder.waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
