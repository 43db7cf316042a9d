package io.ramtide.testkit;

import java.util.List;

/** What runs on an ordinary workstation after somebody logged on. */
final class BaseProcesses {

  /**
   * One program of the start.
   *
   * @param parent name of the program that starts it; null for one whose parent is gone
   * @param after milliseconds after the one before
   */
  record Entry(String imageName, String parent, int after) {

    /** Path of its image. */
    String path() {
      return switch (imageName) {
        case "explorer.exe" -> "C:\\Windows\\explorer.exe";
        case "jusched.exe" ->
            "C:\\Program Files (x86)\\Common Files\\Java\\Java Update\\jusched.exe";
        default -> "C:\\Windows\\System32\\" + imageName;
      };
    }

    /** What its command line has after the path. */
    String arguments() {
      return switch (imageName) {
        case "svchost.exe" -> " -k netsvcs";
        case "csrss.exe" -> " ObjectDirectory=\\Windows SharedSection=1024,20480,768 Windows=On";
        case "SearchIndexer.exe" -> " /Embedding";
        default -> "";
      };
    }
  }

  static final List<Entry> WINDOWS_7 =
      List.of(
          new Entry("smss.exe", "System", 900),
          new Entry("csrss.exe", null, 2600),
          new Entry("wininit.exe", null, 700),
          new Entry("csrss.exe", null, 40),
          new Entry("winlogon.exe", null, 120),
          new Entry("services.exe", "wininit.exe", 300),
          new Entry("lsass.exe", "wininit.exe", 20),
          new Entry("lsm.exe", "wininit.exe", 10),
          new Entry("svchost.exe", "services.exe", 900),
          new Entry("svchost.exe", "services.exe", 350),
          new Entry("svchost.exe", "services.exe", 280),
          new Entry("svchost.exe", "services.exe", 130),
          new Entry("svchost.exe", "services.exe", 90),
          new Entry("spoolsv.exe", "services.exe", 1900),
          new Entry("svchost.exe", "services.exe", 60),
          new Entry("taskhost.exe", "services.exe", 8200),
          new Entry("dwm.exe", "svchost.exe", 300),
          new Entry("explorer.exe", null, 150),
          new Entry("SearchIndexer.exe", "services.exe", 7000),
          new Entry("audiodg.exe", "svchost.exe", 1200),
          new Entry("jusched.exe", "explorer.exe", 400));

  static final List<Entry> WINDOWS_10 =
      List.of(
          new Entry("Registry", "System", 20),
          new Entry("smss.exe", "System", 800),
          new Entry("csrss.exe", null, 1900),
          new Entry("wininit.exe", null, 400),
          new Entry("csrss.exe", null, 30),
          new Entry("services.exe", "wininit.exe", 200),
          new Entry("lsass.exe", "wininit.exe", 20),
          new Entry("winlogon.exe", null, 90),
          new Entry("svchost.exe", "services.exe", 500),
          new Entry("fontdrvhost.exe", "winlogon.exe", 60),
          new Entry("fontdrvhost.exe", "wininit.exe", 10),
          new Entry("svchost.exe", "services.exe", 240),
          new Entry("dwm.exe", "winlogon.exe", 180),
          new Entry("svchost.exe", "services.exe", 90),
          new Entry("svchost.exe", "services.exe", 70),
          new Entry("svchost.exe", "services.exe", 40),
          new Entry("MemCompression", "System", 300),
          new Entry("spoolsv.exe", "services.exe", 900),
          new Entry("sihost.exe", "svchost.exe", 9000),
          new Entry("taskhostw.exe", "svchost.exe", 200),
          new Entry("explorer.exe", null, 700),
          new Entry("RuntimeBroker.exe", "svchost.exe", 2500),
          new Entry("SearchIndexer.exe", "services.exe", 600),
          new Entry("jusched.exe", "explorer.exe", 900));

  private BaseProcesses() {}
}
