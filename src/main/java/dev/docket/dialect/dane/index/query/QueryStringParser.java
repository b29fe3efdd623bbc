package dev.docket.dialect.dane.index.query;

import dev.docket.dialect.dane.index.query.QueryStringTokens.Kind;
import dev.docket.dialect.dane.index.query.QueryStringTokens.Malformed;
import dev.docket.dialect.dane.index.query.QueryStringTokens.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Parses a query string: words, texts in quotes, wildcards, fields, parentheses, {@code AND},
 * {@code OR}, {@code NOT}, {@code +} and {@code -}, with the precedence of Lucene's classic parser.
 */
final class QueryStringParser {

  private static final int MAX_DEPTH = 30;
  private static final Set<Kind> NOT_AFTER_JOINED_WORD =
      Set.of(Kind.COLON, Kind.STAR, Kind.BOOST, Kind.AND, Kind.OR);

  private final List<Token> tokens;
  private final boolean and;
  private int position;
  private int depth;

  private QueryStringParser(List<Token> tokens, boolean and) {
    this.tokens = tokens;
    this.and = and;
  }

  /**
   * Parses a text.
   *
   * @param field the field of words without a field of their own
   * @param and whether words without an operator between them are all required
   * @throws InvalidQuery if it cannot be parsed
   */
  static Clause parse(String text, String field, boolean and) {
    try {
      List<Token> tokens = QueryStringTokens.of(text);
      if (tokens.size() == 1) {
        return Clause.NOTHING;
      }
      QueryStringParser parser = new QueryStringParser(tokens, and);
      Clause clause = parser.query(field);
      parser.expect(Kind.END);
      return clause;
    } catch (Malformed e) {
      throw InvalidQuery.shard("Failed to parse query [" + text + "]");
    }
  }

  private Token peek(int ahead) {
    return tokens.get(Math.min(position + ahead, tokens.size() - 1));
  }

  private boolean accept(Kind kind) {
    if (peek(0).kind() != kind) {
      return false;
    }
    position++;
    return true;
  }

  private Token expect(Kind kind) throws Malformed {
    Token token = peek(0);
    if (!accept(kind)) {
      throw new Malformed();
    }
    return token;
  }

  private Clause query(String field) throws Malformed {
    if (++depth > MAX_DEPTH) {
      throw new Malformed();
    }
    Operands operands = new Operands(and);
    boolean first = true;
    while (first || (peek(0).kind() != Kind.END && peek(0).kind() != Kind.CLOSE)) {
      if (isJoined()) {
        operands.add(null, null, joinedWords(field));
      } else {
        Kind conjunction = first ? null : acceptAny(Kind.AND, Kind.OR);
        Kind modifier = acceptAny(Kind.REQUIRED, Kind.PROHIBITED, Kind.NOT);
        operands.add(conjunction, modifier, clause(field));
      }
      first = false;
    }
    depth--;
    return operands.combined();
  }

  private @Nullable Kind acceptAny(Kind... kinds) {
    for (Kind kind : kinds) {
      if (accept(kind)) {
        return kind;
      }
    }
    return null;
  }

  /** Whether at least two words follow that form one value, as they are not analyzed. */
  private boolean isJoined() {
    return isJoinedWord(0) && isJoinedWord(1);
  }

  private boolean isJoinedWord(int ahead) {
    return peek(ahead).kind() == Kind.TERM
        && !NOT_AFTER_JOINED_WORD.contains(peek(ahead + 1).kind());
  }

  private Clause joinedWords(String field) {
    List<String> words = new ArrayList<>();
    while (isJoinedWord(0)) {
      words.add(unescaped(tokens.get(position++).text()));
    }
    return DaneField.match(field, List.of(String.join(" ", words)), and);
  }

  private Clause clause(String field) throws Malformed {
    String of = field;
    if (peek(1).kind() == Kind.COLON) {
      if (peek(0).kind() == Kind.STAR && peek(2).kind() == Kind.STAR) {
        position += 3;
        return Clause.EVERYTHING;
      }
      of = unescaped(expect(Kind.TERM).text());
      expect(Kind.COLON);
    }
    if (accept(Kind.OPEN)) {
      Clause inner = query(of);
      expect(Kind.CLOSE);
      accept(Kind.BOOST);
      return inner;
    }
    Clause leaf = leaf(of);
    accept(Kind.BOOST);
    return leaf;
  }

  private Clause leaf(String field) throws Malformed {
    Token token = peek(0);
    position++;
    return switch (token.kind()) {
      case TERM ->
          field.equals("_exists_")
              ? new Clause.Exists(unescaped(token.text()))
              : DaneField.match(field, List.of(unescaped(token.text())), and);
      case QUOTED -> DaneField.match(field, List.of(unescaped(token.text())), true);
      case PATTERN -> DaneField.wildcard(field, token.text(), false);
      case STAR -> new Clause.Exists(field);
      case AND, OR, NOT, REQUIRED, PROHIBITED, OPEN, CLOSE, COLON, BOOST, END ->
          throw new Malformed();
    };
  }

  private static String unescaped(String text) {
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '\\' && i + 1 < text.length()) {
        i++;
      }
      plain.append(text.charAt(i));
    }
    return plain.toString();
  }
}
