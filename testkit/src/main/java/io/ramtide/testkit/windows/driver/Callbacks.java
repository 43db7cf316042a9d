package io.ramtide.testkit.windows.driver;

import io.ramtide.testkit.truth.CallbackTruth;
import io.ramtide.testkit.windows.JsonFacts;
import io.ramtide.testkit.windows.KernelSpace;
import io.ramtide.testkit.windows.Links;
import io.ramtide.testkit.windows.pool.Pool;
import io.ramtide.testkit.windows.pool.PoolBlock;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Routines that the kernel calls on events: arrays of references, and lists. */
public final class Callbacks {

  private static final int FAST_REF = 0xf; // the reference count in an EX_FAST_REF
  private static final String FILTER = "WdFilter.sys";

  private final KernelSpace space;
  private final Pool pool;
  private final KernelModules modules;
  private final Drivers drivers;
  private final JsonFacts layouts = JsonFacts.load("callbacks.json");
  private final List<CallbackTruth> truth = new ArrayList<>();

  public Callbacks(KernelSpace space, Pool pool, KernelModules modules, Drivers drivers) {
    this.space = space;
    this.pool = pool;
    this.modules = modules;
    this.drivers = drivers;
  }

  /** Registers some; a rootkit's thread callback lies in no module. */
  public void write(boolean rootkit) {
    for (String head : layouts.texts("/emptyLists")) {
      if (space.facts.hasSymbol(head)) {
        new Links(space.kernel).init(space.symbol(head));
      }
    }
    slot("processCreate", "PspCreateProcessNotifyRoutine", 0, "CI.dll");
    slot("processCreate", "PspCreateProcessNotifyRoutine", 1, FILTER);
    slot("threadCreate", "PspCreateThreadNotifyRoutine", 0, FILTER);
    slot("imageLoad", "PspLoadImageNotifyRoutine", 0, FILTER);
    if (rootkit) {
      long code = pool.allocatePage();
      space.kernel.put(code, new byte[] {0x48, (byte) 0x83, (byte) 0xec, 0x28, (byte) 0xc3});
      slot("threadCreate", "PspCreateThreadNotifyRoutine", 1, code, null);
      slot("imageLoad", "PspLoadImageNotifyRoutine", 1, KernelModules.HIDDEN);
    }
    registry();
    component("bugCheck", "KeBugCheckCallbackListHead", "ACPI.sys", "ACPI 1.0");
    component("bugCheckReason", "KeBugCheckReasonCallbackListHead", "hal.dll", "HalpReason");
    shutdown();
    fileSystem();
  }

  private void slot(String type, String symbol, int number, String module) {
    slot(type, symbol, number, modules.function(module, 12 + number), module);
  }

  private void slot(String type, String symbol, int number, long routine, String module) {
    long block = block("slots");
    space.kernel.putLong(block + at("slots", "routine"), routine);
    space.kernel.putLong(space.symbol(symbol) + 8L * number, block | FAST_REF);
    if (space.facts.hasSymbol(symbol + "Count")) {
      space.kernel.putInt(space.symbol(symbol + "Count"), number + 1);
    }
    truth.add(new CallbackTruth(type, routine, module, ""));
  }

  private void registry() {
    String altitude = "328010";
    byte[] text = altitude.getBytes(StandardCharsets.UTF_16LE);
    long entry = listed("registry", "CallbackListHead", FILTER);
    long string = entry + at("registry", "altitude");
    long characters = pool.allocate(space.facts.tag("name"), 32, PoolBlock.NON_PAGED).body();
    space.kernel.put(characters, text);
    space.kernel.putShort(string, text.length);
    space.kernel.putShort(string + 2, text.length + 2);
    space.kernel.putLong(string + 8, characters);
    space.kernel.putLong(entry + at("registry", "cookie"), 0x1dc9_3f20_1100_0001L);
    space.kernel.putInt(space.symbol("CmpCallBackCount"), 1);
    add("registry", FILTER, altitude);
  }

  private void component(String type, String head, String module, String name) {
    long entry = listed(type, head, module);
    long text = pool.allocate(space.facts.tag("name"), 80, PoolBlock.NON_PAGED).body();
    space.kernel.put(text, name.getBytes(StandardCharsets.US_ASCII));
    space.kernel.putLong(entry + at(type, "component"), text);
    add(type, module, name);
  }

  private void shutdown() {
    String driver = "\\Driver\\disk";
    long entry = block("shutdown");
    append("IopNotifyShutdownQueueHead", entry);
    space.kernel.putLong(entry + at("shutdown", "device"), drivers.device(driver).va());
    truth.add(new CallbackTruth("shutdown", drivers.shutdown(driver), "disk.sys", driver));
  }

  private void fileSystem() {
    String driver = "\\FileSystem\\WdFilter";
    long entry = listed("fileSystem", "IopFsNotifyChangeQueueHead", FILTER);
    space.kernel.putLong(entry + at("fileSystem", "driver"), drivers.driver(driver).va());
    add("fileSystem", FILTER, driver);
  }

  /** An entry on a list whose routine is a module's function. */
  private long listed(String type, String head, String module) {
    long entry = block(type);
    append(head, entry);
    space.kernel.putLong(entry + at(type, "routine"), routine(type, module));
    return entry;
  }

  private void add(String type, String module, String detail) {
    truth.add(new CallbackTruth(type, routine(type, module), module, detail));
  }

  private long routine(String type, String module) {
    return modules.function(module, 16 + type.length());
  }

  private void append(String head, long entry) {
    Links links = new Links(space.kernel);
    if (space.kernel.getLong(space.symbol(head)) == 0) {
      links.init(space.symbol(head));
    }
    links.insertTail(space.symbol(head), entry);
  }

  private long block(String type) {
    byte[] tag = HexFormat.of().parseHex(layouts.text("/" + type + "/tag"));
    return pool.allocate(tag, (int) layouts.number("/" + type + "/size"), PoolBlock.NON_PAGED)
        .body();
  }

  private long at(String type, String field) {
    return layouts.number("/" + type + "/" + field);
  }

  public List<CallbackTruth> truth() {
    return List.copyOf(truth);
  }
}
