package io.ramtide.acquirer.qemu;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.ramtide.acquirer.source.MachineFacts;
import io.ramtide.acquirer.source.MachineFacts.Dimm;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks QEMU what machine it runs. What is not there or makes no sense is left out. */
public final class QemuFacts {
  private static final int MAX_PROCESSORS = 4096;
  private static final int MAX_DEVICES = 1024;
  private static final long MAX_BYTES = 1L << 46;

  /** What plugged memory is RAM; an NVDIMM or virtio-pmem is a disk. */
  private static final Set<String> RAM_DEVICES = Set.of("dimm", "virtio-mem");

  private static final Pattern CR3 = Pattern.compile("\\bCR3=([0-9a-f]{1,16})\\b");

  private QemuFacts() {}

  /**
   * The machine now, from six QMP commands that do not touch the guest.
   *
   * @param libvirtVersion that of the daemon, if one is between
   * @param process QEMU's process id, if it is of this host
   * @param runningSinceMicros start of that process, microseconds since 1970 UTC
   * @throws MonitorException if QEMU does not answer
   */
  public static MachineFacts of(
      Monitor monitor,
      Optional<String> libvirtVersion,
      OptionalLong process,
      OptionalLong runningSinceMicros)
      throws MonitorException {
    JsonNode version = monitor.execute("query-version", Map.of());
    return new MachineFacts(
        "QEMU",
        version(version),
        libvirtVersion,
        machineType(ask(monitor, "qom-get", Map.of("path", "/machine", "property", "type"))),
        accelerator(ask(monitor, "query-kvm", Map.of())),
        process,
        runningSinceMicros,
        processors(ask(monitor, "query-cpus-fast", Map.of())),
        balloon(ask(monitor, "query-balloon", Map.of())),
        devices(ask(monitor, "query-memory-devices", Map.of())));
  }

  /** The same machine now: what can change in a run of it is asked for again, by three commands. */
  static MachineFacts refreshed(Monitor monitor, MachineFacts known) {
    return new MachineFacts(
        known.hypervisor(),
        known.hypervisorVersion(),
        known.libvirtVersion(),
        known.machineType(),
        known.accelerator(),
        known.process(),
        known.runningSinceMicros(),
        processors(ask(monitor, "query-cpus-fast", Map.of())),
        balloon(ask(monitor, "query-balloon", Map.of())),
        devices(ask(monitor, "query-memory-devices", Map.of())));
  }

  /**
   * CR3 of the processors, without zeros and repetitions. Under KVM each processor leaves the guest
   * once for it, some ten microseconds; meanwhile QEMU's big lock is held, so that devices wait.
   * Enough for a keyframe, too much for every delta.
   *
   * @throws MonitorException if QEMU does not answer
   */
  public static List<Long> cr3s(Monitor monitor) throws MonitorException {
    List<Long> cr3s = new ArrayList<>();
    for (String line : MonitorText.lines("info registers", monitor.human("info registers -a"))) {
      Matcher matcher = CR3.matcher(line);
      if (matcher.find() && cr3s.size() < MAX_PROCESSORS) {
        cr3s.add(Long.parseUnsignedLong(matcher.group(1), 16));
      }
    }
    return cr3s.stream().filter(cr3 -> cr3 != 0).distinct().toList();
  }

  /** A machine without a balloon, or an old QEMU, answers with an error: then it is not known. */
  private static JsonNode ask(Monitor monitor, String command, Map<String, ?> arguments) {
    try {
      return monitor.execute(command, arguments);
    } catch (MonitorException e) {
      return MissingNode.getInstance();
    }
  }

  /** E.g. 7.2.22 (Debian 1:7.2+dfsg-7). */
  static Optional<String> version(JsonNode answer) {
    JsonNode qemu = answer.path("qemu");
    if (!(qemu.path("major").isInt() && qemu.path("minor").isInt() && qemu.path("micro").isInt())) {
      return Optional.empty();
    }
    String number =
        "%d.%d.%d"
            .formatted(
                qemu.path("major").intValue(),
                qemu.path("minor").intValue(),
                qemu.path("micro").intValue());
    String build = MonitorText.escaped(answer.path("package").asText("").strip());
    return Optional.of(build.isEmpty() ? number : number + " (" + build + ")");
  }

  /** E.g. pc-q35-7.2. */
  static Optional<String> machineType(JsonNode answer) {
    String type = MonitorText.escaped(answer.asText(""));
    return Optional.of(type.replaceFirst("-machine$", "")).filter(name -> !name.isEmpty());
  }

  static Optional<String> accelerator(JsonNode answer) {
    JsonNode enabled = answer.path("enabled");
    return enabled.isBoolean()
        ? Optional.of(enabled.booleanValue() ? "kvm" : "tcg")
        : Optional.empty();
  }

  static OptionalInt processors(JsonNode answer) {
    return answer.isArray() && !answer.isEmpty() && answer.size() <= MAX_PROCESSORS
        ? OptionalInt.of(answer.size())
        : OptionalInt.empty();
  }

  static OptionalLong balloon(JsonNode answer) {
    return bytes(answer.path("actual"));
  }

  static List<Dimm> devices(JsonNode answer) {
    List<Dimm> devices = new ArrayList<>();
    for (JsonNode device : answer) {
      JsonNode data = device.path("data");
      JsonNode gpa = data.has("addr") ? data.path("addr") : data.path("memaddr");
      OptionalLong bytes = bytes(data.path("size"));
      if (RAM_DEVICES.contains(device.path("type").asText())
          && isGpa(gpa)
          && bytes.isPresent()
          && devices.size() < MAX_DEVICES) {
        String id = MonitorText.escaped(data.path("id").asText(""));
        devices.add(new Dimm(id, gpa.longValue(), bytes.getAsLong()));
      }
    }
    return devices;
  }

  private static boolean isGpa(JsonNode number) {
    return number.isIntegralNumber()
        && number.canConvertToLong()
        && number.longValue() >= 0
        && number.longValue() < RamWiring.MAX_GPA;
  }

  private static OptionalLong bytes(JsonNode number) {
    return number.isIntegralNumber()
            && number.canConvertToLong()
            && number.longValue() > 0
            && number.longValue() <= MAX_BYTES
        ? OptionalLong.of(number.longValue())
        : OptionalLong.empty();
  }
}
