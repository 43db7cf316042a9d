package io.ramtide.testkit.windows.process;

import java.util.LinkedHashMap;
import java.util.Map;

/** Environment and current directory of an account's processes. */
final class Environment {

  private static final String COMPUTER = "WKS-4471";
  private static final String USER = "mara";

  private Environment() {}

  static Map<String, String> of(Account account) {
    boolean user = account.isUser();
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("ComSpec", "C:\\Windows\\system32\\cmd.exe");
    variables.put("COMPUTERNAME", COMPUTER);
    variables.put("NUMBER_OF_PROCESSORS", "1");
    variables.put("OS", "Windows_NT");
    variables.put("Path", "C:\\Windows\\system32;C:\\Windows;C:\\Windows\\System32\\Wbem");
    variables.put("SystemDrive", "C:");
    variables.put("SystemRoot", "C:\\Windows");
    variables.put(
        "TEMP", user ? "C:\\Users\\" + USER + "\\AppData\\Local\\Temp" : "C:\\Windows\\TEMP");
    variables.put("USERNAME", user ? USER : COMPUTER + "$");
    variables.put("windir", "C:\\Windows");
    return variables;
  }

  static String directory(Account account) {
    return account.isUser() ? "C:\\Users\\" + USER + "\\" : "C:\\Windows\\system32\\";
  }
}
