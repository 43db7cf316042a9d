package io.ramtide.testkit.windows.user;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a process is to run.
 *
 * @param path path of the image, with its drive letter
 * @param commandLine its command line
 * @param currentDirectory its current directory
 * @param environment variables in their order
 * @param wow64 whether it is a 32-bit program
 * @param session session it runs in
 * @param intruded whether somebody planted code and hid modules in it
 */
public record Program(
    int pid,
    String path,
    String commandLine,
    String currentDirectory,
    Map<String, String> environment,
    boolean wow64,
    int session,
    boolean intruded) {

  String imageName() {
    return path.substring(path.lastIndexOf('\\') + 1);
  }

  /**
   * The environment as it is in memory: NAME=value, each ended by a zero, and a zero at the end.
   */
  byte[] environmentBlock() {
    return environment.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue() + "\0")
        .collect(Collectors.joining("", "", "\0"))
        .getBytes(StandardCharsets.UTF_16LE);
  }
}
