package io.ramtide.testkit.windows.network;

import io.ramtide.testkit.windows.JsonFacts;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Layouts, tags and symbols of one build's tcpip.sys: {@code network/*.json}. */
final class NetworkFacts {

  private final JsonFacts facts;
  private final Map<String, Long> numbers = new HashMap<>();

  private NetworkFacts(JsonFacts facts) {
    this.facts = facts;
  }

  static NetworkFacts of(int build) {
    return new NetworkFacts(JsonFacts.load("network/" + build + ".json"));
  }

  /** Bytes of a type. */
  int size(String type) {
    return (int) number("/types/" + type + "/size");
  }

  /** Byte offset of a field in its type. */
  int offset(String type, String field) {
    return (int) number("/types/" + type + "/" + field);
  }

  boolean has(String type, String field) {
    return facts.has("/types/" + type + "/" + field);
  }

  /** Whether it is known where this build has its tables. */
  boolean hasTables() {
    return facts.has("/tcpip/symbols");
  }

  /** RVA of a variable of tcpip.sys. */
  long symbol(String name) {
    return number("/tcpip/symbols/" + name);
  }

  String pdbGuid() {
    return facts.text("/tcpip/pdb/guid");
  }

  int pdbAge() {
    return (int) facts.number("/tcpip/pdb/age");
  }

  String pdbFile() {
    return facts.text("/tcpip/pdb/file");
  }

  int debugDirectoryRva() {
    return (int) facts.number("/tcpip/debugDirectoryRva");
  }

  /** The four bytes of a pool tag in memory order. */
  byte[] tag(String use) {
    return facts.text("/tags/" + use).getBytes(StandardCharsets.US_ASCII);
  }

  /** Number of a TCP state. */
  int state(String name) {
    if (!facts.has("/states/" + name)) {
      throw new IllegalArgumentException("there is no TCP state " + name);
    }
    return (int) number("/states/" + name);
  }

  /** The address family of IPv4 or IPv6. */
  int family(int ipVersion) {
    return (int) number("/families/" + ipVersion);
  }

  private long number(String pointer) {
    return numbers.computeIfAbsent(pointer, facts::number);
  }
}
