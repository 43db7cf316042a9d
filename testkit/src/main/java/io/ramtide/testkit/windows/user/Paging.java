package io.ramtide.testkit.windows.user;

/** Which texts of which programs lie in pages that are not valid. */
final class Paging {

  private Paging() {}

  /** State of the page with the command line: valid, transition, prototype or pagefile. */
  static String commandLine(String imageName) {
    return switch (imageName) {
      case "lsass.exe" -> "transition";
      case "spoolsv.exe" -> "prototype";
      case "SearchIndexer.exe" -> "pagefile";
      default -> "valid";
    };
  }

  /** State of the page with the path of the program's last library. */
  static String libraryName(String imageName) {
    return switch (imageName) {
      case "services.exe" -> "transition";
      case "dwm.exe" -> "pagefile";
      default -> "valid";
    };
  }

  static boolean usesPrototype(String imageName) {
    return commandLine(imageName).equals("prototype");
  }
}
