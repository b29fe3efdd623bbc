package dev.docket.dialect.dane.index.query;

import java.util.ArrayList;
import java.util.List;

/** Splits a query string into tokens, as Lucene's classic parser does. */
final class QueryStringTokens {

  /** The kinds of tokens. */
  enum Kind {
    AND,
    OR,
    NOT,
    REQUIRED,
    PROHIBITED,
    OPEN,
    CLOSE,
    COLON,
    /** A single asterisk. */
    STAR,
    /** A word, with its escapes. */
    TERM,
    /** A word with wildcards, with its escapes. */
    PATTERN,
    /** A text in quotes, without them and with its escapes. */
    QUOTED,
    BOOST,
    END
  }

  /** A token. */
  record Token(Kind kind, String text) {}

  /** A syntax error, or syntax that Docket does not support. */
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1;

    Malformed() {
      super("the query string cannot be parsed");
    }
  }

  private static final String SPACE = " \t\n\r\u3000";
  private static final String NOT_IN_WORDS = SPACE + "!():^[]\"{}~/";

  private final String text;
  private final List<Token> tokens = new ArrayList<>();
  private int position;

  private QueryStringTokens(String text) {
    this.text = text;
  }

  /** All tokens; the last one is {@link Kind#END}. */
  static List<Token> of(String text) throws Malformed {
    QueryStringTokens reader = new QueryStringTokens(text);
    while (reader.position < text.length()) {
      reader.next();
    }
    reader.add(Kind.END, "");
    return reader.tokens;
  }

  private void add(Kind kind, String image) {
    tokens.add(new Token(kind, image));
  }

  private void next() throws Malformed {
    char c = text.charAt(position);
    switch (c) {
      case ' ', '\t', '\n', '\r', '\u3000' -> position++;
      case '+' -> single(Kind.REQUIRED);
      case '-' -> single(Kind.PROHIBITED);
      case '!' -> single(Kind.NOT);
      case '(' -> single(Kind.OPEN);
      case ')' -> single(Kind.CLOSE);
      case ':' -> single(Kind.COLON);
      case '"' -> quoted();
      case '^' -> boost();
      case '[', '{' -> throw InvalidQuery.unsupported("ranges in [query_string]");
      case '~' -> throw InvalidQuery.unsupported("[~] in [query_string]");
      case '/' -> regularExpression();
      case ']', '}' -> throw new Malformed();
      default -> word();
    }
  }

  private void single(Kind kind) {
    position++;
    add(kind, "");
  }

  private void quoted() throws Malformed {
    int start = ++position;
    while (position < text.length() && text.charAt(position) != '"') {
      position += text.charAt(position) == '\\' ? 2 : 1;
    }
    if (position >= text.length()) {
      throw new Malformed();
    }
    add(Kind.QUOTED, text.substring(start, position++));
  }

  private void boost() throws Malformed {
    int start = ++position;
    while (position < text.length() && "0123456789.".indexOf(text.charAt(position)) >= 0) {
      position++;
    }
    if (position == start) {
      throw new Malformed();
    }
    add(Kind.BOOST, text.substring(start, position));
  }

  private void regularExpression() throws Malformed {
    if (text.indexOf('/', position + 1) < 0) {
      throw new Malformed();
    }
    throw InvalidQuery.unsupported("regular expressions in [query_string]");
  }

  private void word() throws Malformed {
    int start = position;
    boolean pattern = false;
    while (position < text.length() && NOT_IN_WORDS.indexOf(text.charAt(position)) < 0) {
      char c = text.charAt(position);
      pattern |= c == '*' || c == '?';
      position += c == '\\' ? 2 : 1;
    }
    if (position > text.length()) {
      throw new Malformed();
    }
    String word = text.substring(start, position);
    switch (word) {
      case "AND", "&&" -> add(Kind.AND, word);
      case "OR", "||" -> add(Kind.OR, word);
      case "NOT" -> add(Kind.NOT, word);
      case "*" -> add(Kind.STAR, word);
      default -> add(pattern ? Kind.PATTERN : Kind.TERM, word);
    }
  }
}
