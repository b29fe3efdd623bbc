package dev.docket.logging;

import static java.util.regex.Pattern.CASE_INSENSITIVE;
import static java.util.regex.Pattern.DOTALL;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replaces secrets in a text by {@link #REPLACEMENT}: the secrets of the configuration, and what
 * looks like a secret of someone else, for example a bearer token of a caller, of whom the server
 * knows only the hash. Thread-safe.
 */
final class SecretRedactor {

  /** What a text contains instead of a secret. */
  static final String REPLACEMENT = "[REDACTED]";

  /** What may be between a name and its value; Jetty logs {@code [name], valueString=[value]}. */
  private static final String SEPARATOR = "(?:[\"']?\\s*[:=]\\s*[\\[{\"']*|\\], valueString=\\[)";

  private static final String NOT_YET = "(?!\\[?REDACTED\\])";

  private static final List<Rule> RULES =
      List.of(
          // Jetty shows the first and the last characters of a buffer, which can be a secret's.
          new Rule(List.of("<<<"), "(\\{)[^{}]{0,64}<<<.{0,400}?>>>[^{}]{0,64}"),
          // scheme://user:secret@host, and scheme://secret@host
          new Rule(List.of("@"), "(://(?:[^\\s/?#@:\"<>\\\\]*:)?)[^\\s/?#\"<>\\\\]+(?=@)"),
          new Rule(
              List.of("authorization"),
              "(authorization"
                  + SEPARATOR
                  + "(?:(?:Bearer|Basic|ApiKey|Token|Negotiate|Digest)\\s+)?+)"
                  + NOT_YET
                  + "[^\\s\"'\\[\\],;\\\\<]+"),
          // A scheme alone, if the value looks random: "Basic authentication" is no secret.
          new Rule(
              List.of("bearer", "basic", "apikey"),
              "(\\b(?:Bearer|Basic|ApiKey)\\s+)"
                  + "(?=(?-i:[\\w.~+/%-]*(?:[a-z0-9][A-Z]|[\\d=_~%])))[\\w.~+/=%-]{4,}"),
          new Rule(
              List.of("docket-run", "docket-claim", "x-api-key", "x-auth-token"),
              "((?:Docket-Run|Docket-Claim|X-Api-Key|X-Auth-Token)"
                  + SEPARATOR
                  + ")"
                  + NOT_YET
                  + "[^\\s\"'\\[\\],;\\\\]+"),
          new Rule(
              List.of(
                  "token", "apikey", "api_key", "api-key", "password", "passwd", "pwd", "secret"),
              "((?:token|api[_-]?key|password|passwd|pwd|secret)"
                  + "(?:=|%3D|[\"']\\s*[:=]\\s*)[\"']?)"
                  + NOT_YET
                  + "[^\\s\"'&,;<>\\])}\\\\]+"),
          // A managed API key, of which the id stays, and a JSON Web Token
          new Rule(List.of("dk_"), "(dk_[0-9a-f]{16}_)[\\w-]+"),
          new Rule(List.of("eyj"), "(\\b)eyJ[\\w-]+\\.[\\w-]+(?:\\.[\\w-]*)?"),
          new Rule(
              List.of("\"claim", "\"run\""), "(\"(?:claim|claim_id|run)\"\\s*:\\s*\")[^\"\\\\]+"));

  private final List<Pattern> configured = new ArrayList<>();
  private final List<String> keywords = new ArrayList<>();

  /** A redactor of these texts, and of what looks like a secret. */
  SecretRedactor(Collection<String> secrets) {
    RULES.forEach(rule -> keywords.addAll(rule.keywords));
    secrets.stream()
        .distinct()
        .sorted((one, other) -> Integer.compare(other.length(), one.length()))
        .forEach(
            secret -> {
              configured.add(Pattern.compile(exactly(secret)));
              keywords.add(secret);
            });
  }

  /** A short secret may also be part of ordinary words, and counts as a whole word only. */
  private static String exactly(String secret) {
    String quoted = Pattern.quote(secret);
    boolean isLong = secret.getBytes(StandardCharsets.UTF_8).length >= 8;
    return isLong ? quoted : "(?<![A-Za-z0-9])" + quoted + "(?![A-Za-z0-9])";
  }

  /** Texts of which a text with a secret contains at least one, in any case. */
  List<String> keywords() {
    return keywords;
  }

  /** Replaces all secrets. */
  String redact(String text) {
    String result = text;
    for (Pattern secret : configured) {
      result = secret.matcher(result).replaceAll(Matcher.quoteReplacement(REPLACEMENT));
    }
    String lowerCase = result.toLowerCase(Locale.ROOT);
    for (Rule rule : RULES) {
      if (rule.keywords.stream().anyMatch(lowerCase::contains)) {
        result = rule.pattern.matcher(result).replaceAll(rule.replacement());
      }
    }
    return result;
  }

  /**
   * Recognizes one kind of secret, in any case.
   *
   * @param keywords in lower case; every match contains at least one
   * @param pattern its group 1 is the text before the secret, which stays
   */
  private record Rule(List<String> keywords, Pattern pattern) {

    private Rule(List<String> keywords, String regex) {
      this(keywords, Pattern.compile(regex, CASE_INSENSITIVE | DOTALL));
    }

    private String replacement() {
      return "$1" + Matcher.quoteReplacement(REPLACEMENT);
    }
  }
}
