package io.ramtide.testkit.windows.user;

import io.ramtide.testkit.truth.ModuleTruth;
import io.ramtide.testkit.windows.section.Section;
import io.ramtide.testkit.windows.section.Sections;
import java.util.ArrayList;
import java.util.List;

/** The images of a program, and its loaders' lists. */
final class LoadedImages {

  private static final String SYSTEM = "C:\\Windows\\System32\\";
  private static final String SYSTEM_32 = "C:\\Windows\\SysWOW64\\";
  private static final List<String> LIBRARIES =
      List.of("kernel32.dll", "KernelBase.dll", "msvcrt.dll", "user32.dll");
  private static final List<String> LIBRARIES_WOW64 =
      List.of("wow64.dll", "wow64win.dll", "wow64cpu.dll");
  private static final List<String> LIBRARIES_32 =
      List.of("ntdll.dll", "kernel32.dll", "KernelBase.dll", "user32.dll");
  private static final int PROGRAM_PAGES = 0x34;
  private static final long BASE_32 = 0x400_0000L;
  private static final long LIBRARIES_32_BASE = 0x7710_0000L;
  private static final int STEP = 0x80000; // between libraries

  private final UserSpace user;
  private final Sections sections;
  private final Program program;
  private final Section main;
  private final List<ModuleTruth> truth = new ArrayList<>();
  private final long loaderData;
  private long peb32;

  LoadedImages(UserSpace user, Sections sections, Program program) {
    this.user = user;
    this.sections = sections;
    this.program = program;
    var release = user.space.facts.release();
    boolean wow64 = program.wow64();
    long at = wow64 ? BASE_32 : release.number("/image");
    main = map(program.path(), at, PROGRAM_PAGES, !wow64);
    List<Loader.Module> modules = new ArrayList<>();
    modules.add(new Loader.Module(program.path(), main));
    modules.add(library(SYSTEM + "ntdll.dll", release.number("/ntdll"), true));
    long base = release.number("/systemLibraries");
    for (String name : wow64 ? LIBRARIES_WOW64 : LIBRARIES) {
      modules.add(library(SYSTEM + name, base, true));
      base += STEP;
    }
    if (program.intruded()) {
      modules.add(library(SYSTEM + "wshext.dll", base, true).hidden(true, false, false));
      modules.add(library(SYSTEM + "sfc_os.dll", base + STEP, true).hidden(true, true, true));
      unlisted(map(SYSTEM + "oledlg.dll", base + 2 * STEP, 0x20, true));
    }
    String nameState = Paging.libraryName(program.imageName());
    Loader loader = new Loader(user, LoaderLayout.native64(user.space.facts), modules, nameState);
    loaderData = loader.va();
    truth.addAll(0, loader.truth());
    if (wow64) {
      load32(modules.get(0));
    }
    user.map(
        sections.data("\\Windows\\Globalization\\Sorting\\sortdefault.nls", 0x40),
        0x1000000,
        Region.Protection.PAGE_READONLY);
    user.map(sections.anonymous("shared", 4), 0x1100000, Region.Protection.PAGE_READWRITE);
  }

  private void load32(Loader.Module mainModule) {
    List<Loader.Module> modules = new ArrayList<>();
    modules.add(mainModule);
    long base = LIBRARIES_32_BASE;
    for (String name : LIBRARIES_32) {
      modules.add(library(SYSTEM_32 + name, base, false));
      base += STEP;
    }
    LoaderLayout layout = LoaderLayout.wow64();
    Loader loader = new Loader(user, layout, modules, "valid");
    truth.addAll(loader.truth());
    peb32 = new Peb32(user, program, mainModule.section().base(), loader.va(), layout).va();
  }

  private Loader.Module library(String path, long base, boolean wide) {
    return new Loader.Module(path, map(path, base, pages(path), wide));
  }

  private static int pages(String path) {
    return 0x20 + path.length();
  }

  private Section map(String path, long base, int pages, boolean wide) {
    Section section = sections.image(path.substring("C:".length()), base, pages, wide);
    user.map(section, base, Region.Protection.PAGE_EXECUTE_WRITECOPY);
    return section;
  }

  private void unlisted(Section section) {
    truth.add(
        new ModuleTruth(
            user.pid,
            null,
            null,
            null,
            section.base(),
            (long) section.pages() << 12,
            0,
            false,
            false,
            false,
            false,
            section.path()));
  }

  Section program() {
    return main;
  }

  long loaderData() {
    return loaderData;
  }

  long peb32() {
    return peb32;
  }

  List<ModuleTruth> truth() {
    return List.copyOf(truth);
  }
}
