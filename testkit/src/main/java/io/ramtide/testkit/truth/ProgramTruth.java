package io.ramtide.testkit.truth;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a running process says of its program, in its own memory and in the kernel. VA: virtual
 * address, GPA: guest-physical address.
 *
 * @param pid process id
 * @param objectVa VA of the EPROCESS
 * @param sessionId session, -1 without
 * @param wow64 whether it is a 32-bit process
 * @param pebVa VA of the PEB, 0 without user memory
 * @param imageFile path of the image as the kernel has it, with its device; null without one
 * @param imagePath ImagePathName of the parameters; null if unreadable or without user memory
 * @param commandLine CommandLine of the parameters; null if unreadable or without user memory
 * @param commandLineStatus why commandLine cannot be read from RAM: paged out; null if it can
 * @param currentDirectory CurrentDirectory of the parameters; null without user memory
 * @param environment variables in their order; empty without user memory
 */
public record ProgramTruth(
    int pid,
    long objectVa,
    int sessionId,
    boolean wow64,
    long pebVa,
    String imageFile,
    String imagePath,
    String commandLine,
    String commandLineStatus,
    String currentDirectory,
    Map<String, String> environment) {
  public ProgramTruth {
    environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
  }
}
