package io.ramtide.scanner.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/** What hivex, which knows nothing of Ramtide, reads in a hive file. */
final class Hivex {
  private static final int SHOWN = 64;

  /** Data of a full segment of big data. */
  private static final int SEGMENT = 16_344;

  private Hivex() {}

  /**
   * Times (to the second) and values of keys, each behind the key's path below the root; texts end
   * before their terminator.
   */
  static Set<String> read(Path file, String... options) throws IOException {
    List<String> command = new ArrayList<>(List.of("hivexml"));
    command.addAll(List.of(options));
    command.add(file.toString());
    Process process = start(command);
    byte[] xml = process.getInputStream().readAllBytes();
    assertThat(isSuccess(process)).as("%s of %s", command, file).isTrue();
    Set<String> keys = new TreeSet<>();
    for (Element node : elements(parse(xml), "node")) {
      key(node, "", keys);
    }
    return keys;
  }

  /** Whether it finds a key, by its path below the root. */
  static boolean has(Path file, String key) throws IOException {
    Process process = start(List.of("hivexsh", file.toString()));
    try (OutputStream commands = process.getOutputStream()) {
      commands.write("cd \\%s\n".formatted(key).getBytes(StandardCharsets.UTF_8));
    }
    process.getInputStream().readAllBytes();
    return isSuccess(process);
  }

  private static boolean isSuccess(Process process) throws IOException {
    try {
      return process.waitFor() == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private static Process start(List<String> command) {
    try {
      return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    } catch (IOException e) {
      assumeThat(false).as("no hivex: apt install libhivex-bin").isTrue();
      throw new AssertionError(e);
    }
  }

  private static Element parse(byte[] xml) throws IOException {
    try {
      return DocumentBuilderFactory.newDefaultInstance()
          .newDocumentBuilder()
          .parse(new ByteArrayInputStream(xml))
          .getDocumentElement();
    } catch (ParserConfigurationException | SAXException e) {
      throw new IOException(e);
    }
  }

  private static void key(Element node, String path, Set<String> told) {
    elements(node, "mtime").forEach(time -> told.add(path + ": time " + time.getTextContent()));
    elements(node, "value").forEach(value -> told.add(path + ": " + value(value)));
    for (Element child : elements(node, "node")) {
      String name = child.getAttribute("name");
      key(child, path.isEmpty() ? name : path + "\\" + name, told);
    }
  }

  private static String value(Element value) {
    String data =
        value.getAttribute("encoding").equals("base64")
            ? bytes(Base64.getMimeDecoder().decode(value.getAttribute("value")))
            : value.getAttribute("value");
    List<Element> strings = elements(value, "string");
    if (!strings.isEmpty()) {
      data = String.join("|", strings.stream().map(Node::getTextContent).toList());
    }
    return "%s=%s:%s".formatted(value.getAttribute("key"), value.getAttribute("type"), data);
  }

  private static List<Element> elements(Element parent, String name) {
    List<Element> found = new ArrayList<>();
    for (Node child = parent.getFirstChild(); child != null; child = child.getNextSibling()) {
      if (child instanceof Element element && element.getTagName().equals(name)) {
        found.add(element);
      }
    }
    return found;
  }

  /** A key's time as it is told. */
  static String time(String key, long filetime) {
    long unix = filetime / 10_000_000 - 11_644_473_600L;
    return key + ": time " + Instant.ofEpochSecond(unix);
  }

  /** A value as it is told. */
  static String value(String key, String name, String type, byte[] data) {
    return key + ": " + value(name, type, data);
  }

  /**
   * Whether hivex reads all of a value. It takes the last 4 bytes of every cell with a segment of
   * big data for padding; where the data end there, they are cut.
   */
  static boolean readsWhole(int length) {
    int last = length % SEGMENT;
    int padding = -(last + Integer.BYTES) & 7;
    return length <= SEGMENT || last == 0 || padding >= Integer.BYTES;
  }

  /** What of one is not in the other. */
  static Set<String> minus(Set<String> all, Set<String> others) {
    Set<String> rest = new TreeSet<>(all);
    rest.removeAll(others);
    return rest;
  }

  private static String value(String name, String type, byte[] data) {
    return switch (type) {
      case "REG_SZ" -> "%s=string:%s".formatted(name, text(data));
      case "REG_EXPAND_SZ" -> "%s=expand:%s".formatted(name, text(data));
      case "REG_LINK" -> "%s=link:%s".formatted(name, text(data));
      case "REG_MULTI_SZ" -> "%s=string-list:%s".formatted(name, list(data));
      case "REG_DWORD" -> "%s=int32:%d".formatted(name, (int) number(data));
      case "REG_DWORD_BIG_ENDIAN" ->
          "%s=int32:%d".formatted(name, Integer.reverseBytes((int) number(data)));
      case "REG_QWORD" -> "%s=int64:%d".formatted(name, number(data));
      default -> "%s=%s:%s".formatted(name, types(type), bytes(data));
    };
  }

  /** Short enough for a message. */
  private static String bytes(byte[] data) {
    return data.length <= SHOWN
        ? HexFormat.of().formatHex(data)
        : "%d bytes, sha256 %s".formatted(data.length, sha256(data));
  }

  private static String sha256(byte[] data) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(data));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String types(String type) {
    return switch (type) {
      case "REG_NONE" -> "none";
      case "REG_BINARY" -> "binary";
      case "REG_RESOURCE_LIST" -> "resource-list";
      case "REG_FULL_RESOURCE_DESCRIPTOR" -> "resource-description";
      case "REG_RESOURCE_REQUIREMENTS_LIST" -> "resource-requirements";
      default -> "unknown";
    };
  }

  private static long number(byte[] data) {
    long number = 0;
    for (int i = data.length - 1; i >= 0; i--) {
      number = number << 8 | (data[i] & 0xff);
    }
    return number;
  }

  private static String text(byte[] data) {
    String text = new String(data, StandardCharsets.UTF_16LE);
    int end = text.indexOf('\0');
    return end < 0 ? text : text.substring(0, end);
  }

  private static String list(byte[] data) {
    String text = new String(data, StandardCharsets.UTF_16LE);
    return text.substring(0, Math.max(0, text.length() - 1)).replace('\0', '|');
  }
}
