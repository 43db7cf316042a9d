package io.ramtide.acquirer.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DomainFilterTest {
  private static final UUID ID = UUID.fromString("00000000-0000-4000-8000-00000000cafe");

  @Test
  void nothingWanted_isEverything() {
    assertThat(wants("web01")).isTrue();
  }

  @Test
  void glob_matchesTheWholeName() {
    assertThat(wants("web01", "web*")).isTrue();
    assertThat(wants("web01", "web0?")).isTrue();
    assertThat(wants("web01", "web0")).isFalse();
    assertThat(wants("my-web01", "web*")).isFalse();
  }

  @Test
  void regularExpressions_areNotMeant() {
    assertThat(wants("web01", "web.*")).isFalse();
    assertThat(wants("web.01[a]", "web.*[a]")).isTrue();
  }

  @Test
  void uuid_isFound_whateverTheName() {
    assertThat(wants("web01", ID.toString())).isTrue();
    assertThat(wants("web01", "00000000-0000-4000-8000-00000000beef")).isFalse();
  }

  private static boolean wants(String name, String... wanted) {
    return new DomainFilter(List.of(wanted)).wants(ID, name);
  }
}
