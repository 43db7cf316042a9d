package io.ramtide.correlator.ecs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Expected values are those of Microsoft's "Parsing C command-line arguments". */
class ArgumentsTest {
  @Test
  void quotesGroup_andBlanksSeparate() {
    assertThat(Arguments.of("p \"a b c\" d\te")).containsExactly("p", "a b c", "d", "e");
  }

  @Test
  void backslashes_areCharactersUnlessAQuoteFollows() {
    assertThat(Arguments.of("p a\\\\b d\"e f\"g h")).containsExactly("p", "a\\\\b", "de fg", "h");
    assertThat(Arguments.of("p a\\\\\\\"b c d")).containsExactly("p", "a\\\"b", "c", "d");
    assertThat(Arguments.of("p a\\\\\\\\\"b c\" d e")).containsExactly("p", "a\\\\b c", "d", "e");
  }

  @Test
  void program_endsAtItsQuote_whateverTheBackslashes() {
    assertThat(Arguments.of("\"C:\\a b\\\" x")).containsExactly("C:\\a b\\", "x");
  }

  @Test
  void nothing_isAnEmptyProgram() {
    assertThat(Arguments.of("")).containsExactly("");
    assertThat(Arguments.of("  ")).containsExactly("");
  }

  @Test
  void openQuote_reachesToTheEnd() {
    assertThat(Arguments.of("p \"a b")).containsExactly("p", "a b");
  }

  @Test
  void manyArguments_areCut() {
    assertThat(Arguments.of("x ".repeat(5000))).hasSize(Arguments.MOST);
  }
}
