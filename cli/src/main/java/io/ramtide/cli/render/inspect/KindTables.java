package io.ramtide.cli.render.inspect;

import static io.ramtide.cli.render.Text.address;
import static io.ramtide.cli.render.Text.orStatus;
import static io.ramtide.cli.render.Text.time;
import static io.ramtide.cli.render.Text.views;

import io.ramtide.cli.render.Text;
import io.ramtide.schemas.CallbackFinding;
import io.ramtide.schemas.DispatchEntry;
import io.ramtide.schemas.DriverFinding;
import io.ramtide.schemas.EnvironmentFinding;
import io.ramtide.schemas.FileFinding;
import io.ramtide.schemas.FindingKind;
import io.ramtide.schemas.HandleFinding;
import io.ramtide.schemas.KernelModuleFinding;
import io.ramtide.schemas.ModuleFinding;
import io.ramtide.schemas.MutexFinding;
import io.ramtide.schemas.ProcessFinding;
import io.ramtide.schemas.SsdtFinding;
import io.ramtide.schemas.SymbolicLinkFinding;
import io.ramtide.schemas.ThreadFinding;
import io.ramtide.schemas.TokenFinding;
import io.ramtide.schemas.TokenPrivilege;
import io.ramtide.schemas.VadFinding;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** The columns of each kind. What is left out here is in the JSON. */
final class KindTables {
  private KindTables() {}

  /** An empty one; kernel, summary and what only tells of changes have none. */
  static Listing of(FindingKind kind) {
    return switch (kind) {
      case process -> processes();
      case thread -> threads();
      case module -> modules();
      case environment -> environment();
      case vad -> vads();
      case handle -> handles();
      case token -> tokens();
      case file -> files();
      case mutex -> mutexes();
      case symbolicLink -> symbolicLinks();
      case kernelModule -> kernelModules();
      case driver -> drivers();
      case ssdt -> ssdt();
      case callback -> callbacks();
      case hive -> HiveTable.create();
      case registryKey -> new RegistryListing();
      case endpoint -> EndpointTable.create();
      case registryKeyGone, system, summary ->
          throw new IllegalArgumentException(kind + " is no table");
    };
  }

  /** With all that does not fit into the usual one. */
  static KindTable<ProcessFinding, ProcessFinding> processes() {
    return KindTable.of(ProcessFinding.class)
        .number("PID", ProcessFinding::getPid)
        .number("PARENT", ProcessFinding::getParentPid)
        .text("PROCESS", ProcessFinding::getImageName)
        .text("CREATED (UTC)", p -> time(p.getCreateTime()))
        .text("EXITED (UTC)", p -> time(p.getExitTime()))
        .number("SESSION", ProcessFinding::getSessionId)
        .number("THREADS", ProcessFinding::getThreadCount)
        .number("HANDLES", ProcessFinding::getHandleCount)
        .text("WOW64", p -> Text.yes(p.getWow64()))
        .text("USER", ProcessFinding::getUserSid)
        .text("INTEGRITY", ProcessFinding::getIntegrity)
        .text("OBJECT", p -> address(Text.either(p.getObjectVa(), p.getObjectGpa())))
        .text("SEEN BY", p -> views(p.getSeenBy()))
        .wide("IMAGE", p -> orStatus(p.getImagePath(), p.getImagePathStatus()))
        .wide("COMMAND LINE", p -> orStatus(p.getCommandLine(), p.getCommandLineStatus()));
  }

  private static Listing threads() {
    return KindTable.of(ThreadFinding.class)
        .number("PID", ThreadFinding::getPid)
        .number("TID", ThreadFinding::getTid)
        .text("STATE", ThreadFinding::getState)
        .text("CREATED (UTC)", t -> time(t.getCreateTime()))
        .text("EXITED (UTC)", t -> time(t.getExitTime()))
        .text("START ADDRESS", t -> address(t.getStartAddress()))
        .wide("START MODULE", t -> orStatus(t.getStartModule(), t.getStartModuleStatus()))
        .text("OBJECT", t -> address(Text.either(t.getObjectVa(), t.getObjectGpa())))
        .text("SEEN BY", t -> views(t.getSeenBy()));
  }

  private static Listing modules() {
    return KindTable.of(ModuleFinding.class)
        .number("PID", ModuleFinding::getPid)
        .text("BASE", m -> address(m.getBaseVa()))
        .number("SIZE", ModuleFinding::getSize)
        .text("LISTS", KindTables::lists)
        .text("NAME", m -> orStatus(m.getName(), m.getNameStatus()))
        .wide("PATH", m -> orStatus(m.getPath(), m.getPathStatus()))
        .wide("MAPPED FILE", m -> orStatus(m.getMappedFile(), m.getMappedFileStatus()));
  }

  /** The loader's lists that have the module. */
  private static String lists(ModuleFinding module) {
    List<String> lists = new ArrayList<>();
    if (module.getInLoad()) {
      lists.add("load");
    }
    if (module.getInInit()) {
      lists.add("init");
    }
    if (module.getInMemory()) {
      lists.add("memory");
    }
    return lists.isEmpty() ? "none" : String.join(",", lists);
  }

  private record Variable(long pid, String name, String value) {}

  private static Listing environment() {
    return KindTable.of(EnvironmentFinding.class, KindTables::variables)
        .number("PID", Variable::pid)
        .text("VARIABLE", Variable::name)
        .wide("VALUE", Variable::value);
  }

  private static List<Variable> variables(EnvironmentFinding environment) {
    long pid = environment.getPid();
    List<Variable> variables = new ArrayList<>();
    environment
        .getVariables()
        .forEach(each -> variables.add(new Variable(pid, each.getName(), each.getValue())));
    if (environment.getStatus() != null) {
      variables.add(new Variable(pid, null, "(" + environment.getStatus() + ")"));
    }
    return variables;
  }

  private static Listing vads() {
    return KindTable.of(VadFinding.class)
        .number("PID", VadFinding::getPid)
        .text("START", v -> address(v.getStartVa()))
        .text("END", v -> address(v.getEndVa()))
        .text("PROTECTION", VadFinding::getProtection)
        .text("TYPE", VadFinding::getType)
        .text("PRIVATE", v -> Text.yes(v.getPrivateMemory()))
        .text("HINTS", v -> Text.list(v.getHints()))
        .wide("FILE", v -> orStatus(v.getFile(), v.getFileStatus()));
  }

  private static Listing handles() {
    return KindTable.of(HandleFinding.class)
        .number("PID", HandleFinding::getPid)
        .text("HANDLE", h -> address(h.getHandle()))
        .text("TYPE", HandleFinding::getObjectType)
        .text("ACCESS", h -> address(h.getGrantedAccess()))
        .text("OBJECT", h -> address(h.getObjectVa()))
        .wide("NAME", h -> orStatus(h.getName(), h.getNameStatus()));
  }

  private static Listing tokens() {
    return KindTable.of(TokenFinding.class)
        .number("PID", TokenFinding::getPid)
        .text("USER", t -> orStatus(t.getUserSid(), t.getStatus()))
        .text("INTEGRITY", TokenFinding::getIntegrity)
        .number("SESSION", TokenFinding::getSessionId)
        .text("TYPE", TokenFinding::getTokenType)
        .number("GROUPS", t -> t.getGroups().size())
        .wide("ENABLED PRIVILEGES", KindTables::enabled);
  }

  private static String enabled(TokenFinding token) {
    return Text.list(
        token.getPrivileges().stream()
            .filter(TokenPrivilege::getEnabled)
            .map(TokenPrivilege::getName)
            .toList());
  }

  private static Listing files() {
    return KindTable.of(FileFinding.class)
        .text("OBJECT", f -> address(Text.either(f.getObjectVa(), f.getObjectGpa())))
        .text("ACCESS", FileFinding::getAccess)
        .text("SHARING", FileFinding::getSharing)
        .text("SEEN BY", f -> views(f.getSeenBy()))
        .text("DEVICE", FileFinding::getDevice)
        .wide("NAME", f -> orStatus(f.getName(), f.getNameStatus()));
  }

  private static Listing mutexes() {
    return KindTable.of(MutexFinding.class)
        .text("OBJECT", m -> address(Text.either(m.getObjectVa(), m.getObjectGpa())))
        .number("OWNER PID", MutexFinding::getOwnerPid)
        .number("OWNER TID", MutexFinding::getOwnerTid)
        .text("ABANDONED", m -> Text.yes(m.getAbandoned()))
        .text("SEEN BY", m -> views(m.getSeenBy()))
        .wide("NAME", m -> orStatus(m.getName(), m.getNameStatus()));
  }

  private static Listing symbolicLinks() {
    return KindTable.of(SymbolicLinkFinding.class)
        .text("OBJECT", l -> address(Text.either(l.getObjectVa(), l.getObjectGpa())))
        .text("CREATED (UTC)", l -> time(l.getCreateTime()))
        .text("SEEN BY", l -> views(l.getSeenBy()))
        .wide("NAME", l -> orStatus(l.getName(), l.getNameStatus()))
        .wide("TARGET", l -> orStatus(l.getTarget(), l.getTargetStatus()));
  }

  private static Listing kernelModules() {
    return KindTable.of(KernelModuleFinding.class)
        .text("BASE", m -> address(m.getBaseVa()))
        .number("SIZE", KernelModuleFinding::getSize)
        .text("NAME", m -> orStatus(m.getName(), m.getNameStatus()))
        .text("SEEN BY", m -> views(m.getSeenBy()))
        .wide("PATH", m -> orStatus(m.getPath(), m.getPathStatus()));
  }

  private static Listing drivers() {
    return KindTable.of(DriverFinding.class)
        .text("OBJECT", d -> address(Text.either(d.getObjectVa(), d.getObjectGpa())))
        .text("IMAGE", d -> address(d.getStartVa()))
        .number("SIZE", DriverFinding::getSize)
        .text("MODULE", d -> orStatus(d.getModule(), d.getModuleStatus()))
        .text("SEEN BY", d -> views(d.getSeenBy()))
        .wide("NAME", d -> orStatus(d.getName(), d.getNameStatus()))
        .wide("DISPATCH ELSEWHERE", KindTables::elsewhere);
  }

  /** Where its entry points lie that do not lie in its own module. */
  private static String elsewhere(DriverFinding driver) {
    return driver.getDispatch().stream()
        .map(DispatchEntry::getModule)
        .filter(module -> !Objects.equals(module, driver.getModule()))
        .collect(
            Collectors.groupingBy(
                module -> module == null ? "in no module" : module, Collectors.counting()))
        .entrySet()
        .stream()
        .sorted(java.util.Map.Entry.comparingByKey())
        .map(found -> found.getValue() + " " + found.getKey())
        .collect(Collectors.joining(", "));
  }

  private static Listing ssdt() {
    return KindTable.of(SsdtFinding.class)
        .number("TABLE", SsdtFinding::getTable)
        .number("INDEX", SsdtFinding::getIndex)
        .text("ADDRESS", s -> address(s.getAddress()))
        .wide("MODULE", s -> orStatus(s.getModule(), s.getModuleStatus()));
  }

  private static Listing callbacks() {
    return KindTable.of(CallbackFinding.class)
        .text("TYPE", CallbackFinding::getType)
        .text("ADDRESS", c -> address(c.getAddress()))
        .text("MODULE", c -> orStatus(c.getModule(), c.getModuleStatus()))
        .wide("DETAIL", CallbackFinding::getDetail);
  }
}
