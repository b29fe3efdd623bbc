package dev.docket.dialect.dane.index.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.docket.dialect.dane.index.query.Clause.All;
import dev.docket.dialect.dane.index.query.Clause.Any;
import dev.docket.dialect.dane.index.query.Clause.Exists;
import dev.docket.dialect.dane.index.query.Clause.Match;
import dev.docket.dialect.dane.index.query.Clause.Not;
import dev.docket.dialect.dane.index.query.Clause.Wildcard;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class QueryStringParserTest {

  private static Clause parse(String text) {
    return QueryStringParser.parse(text, "f", false);
  }

  private static Clause is(String value) {
    return new Match("f", List.of(value), false);
  }

  private static Clause quoted(String value) {
    return new Match("f", List.of(value), true);
  }

  @Test
  void readsValues() {
    assertThat(parse("e-1")).isEqualTo(is("e-1"));
    assertThat(parse("film 12 b")).isEqualTo(is("film 12 b"));
    assertThat(parse("\"e:2 x/y\"")).isEqualTo(quoted("e:2 x/y"));
    assertThat(parse("\"a\\\"b\\\\\"")).isEqualTo(quoted("a\"b\\"));
    assertThat(parse("e\\:2\\ x\\/y")).isEqualTo(is("e:2 x/y"));
    assertThat(parse("ANDROID")).isEqualTo(is("ANDROID"));
    assertThat(parse("  ")).isEqualTo(Clause.NOTHING);
  }

  @Test
  void readsWildcards() {
    assertThat(parse("*")).isEqualTo(new Exists("f"));
    assertThat(parse("a*b?\\*")).isEqualTo(new Wildcard("f", "a*b?\\*", false));
    assertThat(parse("\"a*\"")).isEqualTo(quoted("a*"));
    assertThat(parse("*:*")).isEqualTo(Clause.EVERYTHING);
  }

  @Test
  void readsOperators() {
    assertThat(parse("a AND b")).isEqualTo(new All(List.of(is("a"), is("b"))));
    assertThat(parse("a OR b")).isEqualTo(new Any(List.of(is("a"), is("b"))));
    assertThat(parse("NOT a")).isEqualTo(new Not(is("a")));
    assertThat(parse("a AND NOT b")).isEqualTo(new All(List.of(is("a"), new Not(is("b")))));
    assertThat(parse("+\"a\" -\"b\""))
        .isEqualTo(new All(List.of(quoted("a"), new Not(quoted("b")))));
    assertThat(parse("(a OR b) AND c"))
        .isEqualTo(new All(List.of(new Any(List.of(is("a"), is("b"))), is("c"))));
    // Lucene's parser knows no precedence: c is optional beside two required words.
    assertThat(parse("a AND b OR c")).isEqualTo(new All(List.of(is("a"), is("b"))));
    assertThat(parse("g:x")).isEqualTo(new Match("g", List.of("x"), false));
    assertThat(QueryStringParser.parse("\"a\" \"b\"", "f", true))
        .isEqualTo(new All(List.of(quoted("a"), quoted("b"))));
  }

  /** A boost changes the score only. */
  @Test
  void ignoresBoosts() {
    assertThat(parse("a^2")).isEqualTo(is("a"));
    assertThat(parse("\"a\"^0.5")).isEqualTo(quoted("a"));
    assertThat(parse("(a OR b)^10 AND c"))
        .isEqualTo(new All(List.of(new Any(List.of(is("a"), is("b"))), is("c"))));
    assertThat(parse("a b^9")).isEqualTo(new Any(List.of(is("a"), is("b"))));
  }

  @Test
  void readsExclamationMarkAsNot() {
    assertThat(parse("!a")).isEqualTo(new Not(is("a")));
    assertThat(parse("a AND !b")).isEqualTo(new All(List.of(is("a"), new Not(is("b")))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "e:2 x/y", "a:b:c", "(a", "a)", "\"a", "AND", "a AND", "a:", "a\\", "NOT", "!", "a^", "a^b"
      })
  void rejectsInvalidText(String text) {
    assertThatThrownBy(() -> parse(text))
        .isInstanceOf(InvalidQuery.class)
        .hasMessage("Failed to parse query [" + text + "]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[a TO b]", "/a.*/", "a~", "{1 TO *}"})
  void namesUnsupportedSyntax(String text) {
    assertThatThrownBy(() -> parse(text))
        .isInstanceOf(InvalidQuery.class)
        .hasMessageStartingWith("Docket does not support ");
  }
}
