package io.ramtide.cli.options;

import io.ramtide.acquirer.live.Method;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Methods of capture by their names in options. */
final class MethodNames implements ITypeConverter<Method>, Iterable<String> {
  @Override
  public Method convert(String value) {
    return Arrays.stream(Method.values())
        .filter(method -> method.text().equals(value))
        .findFirst()
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "'%s' is no method; there are: %s"
                        .formatted(value, names().stream().collect(Collectors.joining(", ")))));
  }

  @Override
  public java.util.Iterator<String> iterator() {
    return names().iterator();
  }

  private static List<String> names() {
    return Arrays.stream(Method.values()).map(Method::text).toList();
  }
}
