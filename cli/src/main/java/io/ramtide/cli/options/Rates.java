package io.ramtide.cli.options;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Bytes a second as options give them: 500k, 20M, 1G; k is 1000. */
public final class Rates implements ITypeConverter<Long> {
  private static final Pattern FORM = Pattern.compile("([0-9]{1,9})([kMG]?)");

  @Override
  public Long convert(String value) {
    Matcher form = FORM.matcher(value);
    long rate = form.matches() ? Long.parseLong(form.group(1)) * unit(form.group(2)) : 0;
    if (rate == 0) {
      throw new TypeConversionException(
          "'%s' is no rate: bytes a second above 0, e.g. 500k, 20M or 1G".formatted(value));
    }
    return rate;
  }

  private static long unit(String letter) {
    return switch (letter) {
      case "k" -> 1_000;
      case "M" -> 1_000_000;
      case "G" -> 1_000_000_000;
      default -> 1;
    };
  }
}
