package io.ramtide.acquirer.host;

import io.ramtide.acquirer.host.MappedArea.FileId;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is mapped in a process, from /proc/PID/maps. */
public final class ProcessMaps {
  /** Twice what Linux allows a process if nobody raised vm.max_map_count. */
  private static final int MAX_AREAS = 1 << 17;

  /** Addresses above are the kernel's. */
  private static final int MAX_ADDRESS_DIGITS = 15;

  private static final Pattern LINE =
      Pattern.compile(
          "([0-9a-f]+)-([0-9a-f]+) [r-][w-][x-]([sp]) ([0-9a-f]{1,16})"
              + " ([0-9a-f]+:[0-9a-f]+) ([0-9]{1,19})(?: .*)?",
          Pattern.DOTALL);

  private ProcessMaps() {}

  /** Ascending and disjoint. */
  public static List<MappedArea> of(HostProcess process) throws IOException {
    List<MappedArea> areas = new ArrayList<>();
    try (BufferedReader lines =
        Files.newBufferedReader(process.proc("maps"), StandardCharsets.ISO_8859_1)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Matcher fields = LINE.matcher(line);
        if (!fields.matches()) {
          throw new IOException("/proc/%d/maps is not as Linux writes it".formatted(process.pid()));
        }
        if (areas.size() == MAX_AREAS) {
          throw new IOException(
              "process %d has more than %d mappings".formatted(process.pid(), MAX_AREAS));
        }
        if (fields.group(2).length() <= MAX_ADDRESS_DIGITS) {
          areas.add(area(fields));
        }
      }
    } catch (ProcessGoneException e) {
      throw e;
    } catch (IOException e) {
      throw process.explain(e);
    }
    return areas;
  }

  private static MappedArea area(Matcher fields) {
    return new MappedArea(
        Long.parseLong(fields.group(1), 16),
        Long.parseLong(fields.group(2), 16),
        fields.group(3).equals("s"),
        Long.parseUnsignedLong(fields.group(4), 16),
        new FileId(fields.group(5), Long.parseUnsignedLong(fields.group(6))));
  }
}
