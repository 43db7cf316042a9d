package io.ramtide.scanner.windows;

import com.fasterxml.jackson.databind.JsonNode;
import io.ramtide.schemas.View;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;

/** The views that must have a process of a reference image, by what its truth says of it. */
final class ReferenceViews {
  private ReferenceViews() {}

  static List<View> of(JsonNode process, JsonNode truth) {
    boolean freed = process.path("freed").asBoolean();
    boolean exited = process.path("exited").asBoolean();
    Set<View> views = new TreeSet<>(Set.of(View.poolScan));
    add(views, View.activeList, !freed && !process.path("unlinked").asBoolean());
    add(views, View.cidTable, !freed);
    add(views, View.threadOwners, !process.path("threads").isEmpty());
    add(views, View.sessionList, !exited && !process.path("session").isNull());
    add(views, View.csrssHandles, isInCsrss(process, truth));
    // The kernel's own handle table, which is System's, is charged to nobody.
    add(views, View.handleTableList, !exited && process.path("pid").asLong() != 4);
    return List.copyOf(views);
  }

  private static void add(Set<View> views, View view, boolean has) {
    if (has) {
      views.add(view);
    }
  }

  private static boolean isInCsrss(JsonNode process, JsonNode truth) {
    String name = " Pid " + process.path("pid").asLong();
    return StreamSupport.stream(truth.path("processes").spliterator(), false)
        .filter(csrss -> csrss.path("name").asText().equals("csrss.exe"))
        .flatMap(csrss -> StreamSupport.stream(csrss.path("handles").spliterator(), false))
        .filter(handle -> handle.path("type").asText().equals("Process"))
        .anyMatch(handle -> handle.path("name").asText().endsWith(name));
  }
}
