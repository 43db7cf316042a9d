package io.ramtide.cli.term;

import java.util.LinkedHashMap;
import java.util.Map;

/** The exit codes; scripts rely on them, so a code never changes its meaning. */
public enum ExitCode {
  OK(0, "Done."),
  INTERNAL(1, "Internal error: a defect in ramtide."),
  USAGE(2, "Wrong options or arguments."),
  INCOMPLETE(
      3, "Done, but the input was incomplete (e.g. a truncated dump); what was found is printed."),
  UNREADABLE_INPUT(4, "The input cannot be read or is no memory dump."),
  NO_WINDOWS(5, "No x64 Windows found in the memory, or a build that is not supported."),
  BROKER(6, "The Kafka broker is not there, went away or refused."),
  LOCAL(7, "Local trouble: disk full, folder not writable or in use."),
  HYPERVISOR(8, "The hypervisor is not there or refuses, or has no such guest."),
  NOT_DONE(9, "An acquirer refused, or did not do, what it was asked for.");

  private final int code;
  private final String meaning;

  ExitCode(int code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  public int code() {
    return code;
  }

  public String meaning() {
    return meaning;
  }

  /** Code to meaning, in order, for help texts. */
  public static Map<String, String> table() {
    Map<String, String> table = new LinkedHashMap<>();
    for (ExitCode each : values()) {
      table.put(Integer.toString(each.code), each.meaning);
    }
    return table;
  }
}
