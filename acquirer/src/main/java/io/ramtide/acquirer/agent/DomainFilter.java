package io.ramtide.acquirer.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** Which guests are wanted: UUIDs, or names with * (any text) and ? (one character). */
final class DomainFilter {
  /** A wish as it was given. A name that looks like a UUID is found by both. */
  private record Wish(Optional<UUID> uuid, Pattern name) {}

  private final List<Wish> wishes = new ArrayList<>();

  /**
   * @param wanted none: every guest
   */
  DomainFilter(List<String> wanted) {
    for (String text : wanted) {
      wishes.add(new Wish(uuid(text), pattern(text)));
    }
  }

  boolean wants(UUID uuid, String name) {
    return wishes.isEmpty()
        || wishes.stream()
            .anyMatch(
                wish ->
                    wish.uuid.filter(uuid::equals).isPresent()
                        || wish.name.matcher(name).matches());
  }

  private static Optional<UUID> uuid(String text) {
    try {
      return text.length() == 36 ? Optional.of(UUID.fromString(text)) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Pattern pattern(String glob) {
    StringBuilder regex = new StringBuilder();
    glob.codePoints()
        .forEach(
            point -> {
              switch (point) {
                case '*' -> regex.append(".*");
                case '?' -> regex.append('.');
                default -> regex.append(Pattern.quote(Character.toString(point)));
              }
            });
    return Pattern.compile(regex.toString(), Pattern.DOTALL);
  }
}
