package io.ramtide.cli.render;

import io.ramtide.schemas.FileTime;
import io.ramtide.schemas.View;
import java.util.List;
import java.util.stream.Collectors;

/** Values as people read them in tables. */
public final class Text {
  private static final int SECONDS_LENGTH = "2026-01-02T03:04:05".length();

  private static final String CUT = "...";

  private Text() {}

  /** UTC to the millisecond, e.g. 2026-01-02 03:04:05.123; null stays null. */
  public static String time(Long fileTime) {
    if (fileTime == null) {
      return null;
    }
    String full = FileTime.format(fileTime);
    int end = full.indexOf('.') + 4;
    return full.substring(0, end).replace('T', ' ');
  }

  /** UTC to the second. */
  public static String second(Long fileTime) {
    if (fileTime == null) {
      return null;
    }
    String full = FileTime.format(fileTime);
    return full.substring(0, Math.max(SECONDS_LENGTH, full.indexOf('.'))).replace('T', ' ');
  }

  public static String address(Long value) {
    return value == null ? null : "0x" + Long.toHexString(value);
  }

  public static String views(List<View> views) {
    return views.stream().map(Enum::name).collect(Collectors.joining(","));
  }

  public static String list(List<String> texts) {
    return String.join(",", texts);
  }

  public static String yes(Boolean value) {
    return value == null ? null : value ? "yes" : "no";
  }

  public static Long either(Long first, Long second) {
    return first != null ? first : second;
  }

  /** A text as far as it was read, and why no further: "C:\\Win (cut: paged out)". */
  public static String orStatus(String text, String status) {
    if (status == null) {
      return text;
    }
    return text == null ? "(" + status + ")" : text + " (" + status + ")";
  }

  /** "1 process", "2 processes". */
  public static String count(long number, String one, String many) {
    return number + " " + (number == 1 ? one : many);
  }

  /**
   * What fits into a line.
   *
   * @param most characters; 0: any number
   */
  public static String cut(String text, int most) {
    return most <= CUT.length() || text.length() <= most
        ? text
        : text.substring(0, most - CUT.length()) + CUT;
  }
}
