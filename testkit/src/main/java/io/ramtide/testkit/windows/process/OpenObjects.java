package io.ramtide.testkit.windows.process;

import io.ramtide.testkit.truth.FileTruth;
import io.ramtide.testkit.truth.MutexTruth;
import io.ramtide.testkit.truth.SymbolicLinkTruth;
import io.ramtide.testkit.windows.KernelSpace;
import io.ramtide.testkit.windows.object.Files;
import io.ramtide.testkit.windows.object.Handles;
import io.ramtide.testkit.windows.object.KernelObject;
import io.ramtide.testkit.windows.object.Keys;
import io.ramtide.testkit.windows.object.Mutexes;
import io.ramtide.testkit.windows.object.Namespace;
import io.ramtide.testkit.windows.object.ObjectManager;
import io.ramtide.testkit.windows.object.SymbolicLinks;
import io.ramtide.testkit.windows.pool.Pool;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The objects that programs open: files, keys, mutexes, events, directories. */
public final class OpenObjects {

  private static final int MANY = 300; // more than one page of a handle table
  private static final int EVENT_BYTES = 0x18; // KEVENT: a DISPATCHER_HEADER
  private static final int INHERITED = 2;
  private static final long ALL = 0x1f0003;

  private final ObjectManager objects;
  private final Namespace names;
  private final Files files;
  private final Keys keys;
  private final Mutexes mutexes;
  private final SymbolicLinks links;
  private final Map<SimProcess, List<Runnable>> exits = new HashMap<>();
  private KernelObject registry;
  private KernelObject logFile;

  public OpenObjects(
      KernelSpace space, ObjectManager objects, Namespace names, Files files, Pool paged) {
    this.objects = objects;
    this.names = names;
    this.files = files;
    keys = new Keys(space, objects, paged);
    mutexes = new Mutexes(space, objects, names);
    links = new SymbolicLinks(space, objects, names);
  }

  /** Makes directories and links that are there after every start, and files of drivers. */
  public void write(long time) {
    names.directory("\\KnownDlls");
    names.directory("\\BaseNamedObjects");
    names.directory("\\Sessions\\0\\DosDevices");
    names.directory("\\Sessions\\1\\BaseNamedObjects");
    names.directory("\\ObjectTypes");
    names.directory("\\RPC Control");
    links.create("\\GLOBAL??", "C:", Files.VOLUME, time);
    links.create("\\GLOBAL??", "PIPE", "\\Device\\NamedPipe", time + 20_000);
    links.create("\\GLOBAL??", "NUL", "\\Device\\Null", time + 30_000);
    links.create("\\", "SystemRoot", "\\Device\\BootDevice\\Windows", time + 10_000);
    links.create("\\", "DosDevices", "\\??", time + 11_000);
    links.create("\\Sessions\\1\\BaseNamedObjects", "Global", "\\BaseNamedObjects", time + 90_000);
    registry = keys.open("\\REGISTRY\\MACHINE\\SYSTEM\\ControlSet001");
    logFile = files.open(Files.VOLUME, "\\Windows\\System32\\winevt\\Logs\\System.evtx", "RW-r--");
    mutexes.createAbandoned("\\BaseNamedObjects", "InstallerLock");
    mutexes.createUnnamed();
  }

  /** Opens handles for a new process as its program would. */
  void fill(SimProcess process) {
    Handles handles = process.handles;
    if (process.pid == 4) {
      handles.open(process.object, process.imageName + " Pid 4", 0x1fffff);
      handles.open(logFile, Files.VOLUME + "\\Windows\\System32\\winevt\\Logs\\System.evtx", 0x13);
      handles.open(registry, "\\REGISTRY\\MACHINE\\SYSTEM\\ControlSet001", 0x20019);
      return;
    }
    if (process.memory == null) {
      handles.open(event(), "", ALL);
      return;
    }
    String home = process.session == 1 ? "\\Sessions\\1\\BaseNamedObjects" : "\\BaseNamedObjects";
    handles.open(names.directory("\\KnownDlls"), "\\KnownDlls", 3);
    String directory = process.account.isUser() ? "\\Users\\mara" : "\\Windows\\System32";
    KernelObject folder = files.open(Files.VOLUME, directory, "R--rw-");
    onExit(process, () -> files.close(folder));
    handles.open(folder, Files.VOLUME + directory, 0x100020);
    String key = "\\REGISTRY\\MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion";
    KernelObject opened = keys.open(key);
    onExit(process, () -> objects.free(opened));
    handles.open(opened, key, 0x20019);
    KernelObject own = event();
    onExit(process, () -> objects.free(own));
    handles.open(own, "", ALL, process.imageName.equals("winlogon.exe") ? INHERITED : 0);
    handles.open(names.directory(home), home, 0xf);
    mutex(process, handles, home);
    handles.open(
        process.threads.get(0).object,
        "Tid " + process.threads.get(0).tid + " Pid " + process.pid,
        0x1fffff);
    if (process.imageName.equals("services.exe")) {
      KernelObject event = event();
      for (int i = 0; i < MANY; i++) {
        handles.open(event, "", ALL);
      }
    }
  }

  private void mutex(SimProcess process, Handles handles, String home) {
    SimThread owner = process.threads.get(process.threads.size() - 1);
    String name = process.imageName.replace(".exe", "") + "-" + process.pid;
    boolean owned = process.pid % 8 == 0;
    KernelObject mutex =
        mutexes.create(
            home,
            name,
            owned ? owner.object.va() : 0,
            owned ? process.pid : 0,
            owned ? owner.tid : 0);
    onExit(process, () -> mutexes.remove(mutex));
    handles.open(mutex, home + "\\" + name, 0x1f0001);
  }

  private void onExit(SimProcess process, Runnable action) {
    exits.computeIfAbsent(process, p -> new ArrayList<>()).add(action);
  }

  /** Removes what only an ended process had open. */
  void release(SimProcess process) {
    exits.getOrDefault(process, List.of()).forEach(Runnable::run);
    exits.remove(process);
  }

  private KernelObject event() {
    return objects.create("Event", EVENT_BYTES);
  }

  public List<MutexTruth> mutexTruth() {
    return mutexes.truth();
  }

  public List<SymbolicLinkTruth> linkTruth() {
    return links.truth();
  }

  public List<FileTruth> fileTruth() {
    return files.truth();
  }
}
