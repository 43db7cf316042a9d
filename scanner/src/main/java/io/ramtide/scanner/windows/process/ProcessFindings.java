package io.ramtide.scanner.windows.process;

import io.ramtide.schemas.ProcessFinding;
import io.ramtide.schemas.View;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;

/** Turns a process as it is in memory into a finding. */
final class ProcessFindings {
  private ProcessFindings() {}

  static ProcessFinding.Builder of(RawProcess process, Set<View> views) {
    return ProcessFinding.newBuilder()
        .setPid(process.pid().orElseThrow())
        .setParentPid(orNull(process.parentPid()))
        .setImageName(process.imageName().map(ProcessFindings::escape).orElse(null))
        .setCreateTime(zeroToNull(process.createTime()))
        .setExitTime(zeroToNull(process.exitTime()))
        .setDirectoryTableBase(zeroToNull(process.directoryTableBase()))
        .setObjectVa(orNull(process.va()))
        .setObjectGpa(process.gpa())
        .setActiveThreads(orNull(process.activeThreads()))
        .setSeenBy(List.copyOf(views));
  }

  private static Long orNull(OptionalLong value) {
    return value.isPresent() ? value.getAsLong() : null;
  }

  private static Long zeroToNull(OptionalLong value) {
    return value.orElse(0) == 0 ? null : value.getAsLong();
  }

  /** Every byte that is not printable ASCII, and the backslash, as \xHH. */
  static String escape(String name) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c < ' ' || c > '~' || c == '\\') {
        text.append(String.format(Locale.ROOT, "\\x%02x", (int) c));
      } else {
        text.append(c);
      }
    }
    return text.toString();
  }
}
