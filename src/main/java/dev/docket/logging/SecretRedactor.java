package dev.docket.logging;

import static java.util.regex.Pattern.CASE_INSENSITIVE;
import static java.util.regex.Pattern.DOTALL;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
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
  private static final String SEPARATOR =
      "(?:[\"']?\\s*[:=]\\s*[\\[{\"']*|\\], valueString=\\[)";

  private static final String NOT_YET = "(?!\\[?REDACTED\\])";

  /** Each has a group 1 with the text that stays, before the secret. */
  private static final List<Pattern> PATTERNS =
      List.of(
          // Jetty shows the first and the last characters of a buffer. They can be part of a
          // header.
          pattern("(\\{)[^{}]{0,64}<<<.{0,400}?>>>[^{}]{0,64}"),
          // scheme://user:secret@host, and scheme://secret@host
          pattern("(://(?:[^\\s/?#@:\"<>\\\\]*:)?)[^\\s/?#\"<>\\\\]+(?=@)"),
          pattern(
              "(authorization"
                  + SEPARATOR
                  + "(?:(?:Bearer|Basic|ApiKey|Token|Negotiate|Digest)\\s+)?+)"
                  + NOT_YET
                  + "[^\\s\"'\\[\\],;\\\\<]+"),
          // A scheme alone, if the value looks random: "Basic authentication" is no secret.
          pattern(
              "(\\b(?:Bearer|Basic|ApiKey)\\s+)"
                  + "(?=(?-i:[\\w.~+/%-]*(?:[a-z0-9][A-Z]|[\\d=_~%])))[\\w.~+/=%-]{4,}"),
          pattern(
              "((?:Docket-Run|Docket-Claim|X-Api-Key|X-Auth-Token)"
                  + SEPARATOR
                  + ")"
                  + NOT_YET
                  + "[^\\s\"'\\[\\],;\\\\]+"),
          pattern(
              "((?<![\\w-])[\\w-]*(?:token|api[_-]?key|password|passwd|pwd|secret)"
                  + "(?:=|%3D|[\"']\\s*[:=]\\s*)[\"']?)"
                  + NOT_YET
                  + "[^\\s\"'&,;<>\\])}\\\\]+"),
          pattern("(\"(?:claim|claim_id|run)\"\\s*:\\s*\")[^\"\\\\]+"));

  /** Each match of a pattern contains one of these texts. */
  private static final List<String> KEYWORDS =
      List.of(
          "<<<",
          "@",
          "authorization",
          "bearer",
          "basic",
          "apikey",
          "api-key",
          "api_key",
          "docket-run",
          "docket-claim",
          "token",
          "password",
          "passwd",
          "pwd",
          "secret",
          "\"claim",
          "\"run\"");

  private final List<Pattern> configured = new ArrayList<>();
  private final List<String> keywords = new ArrayList<>(KEYWORDS);

  /** A redactor of these texts, and of what looks like a secret. */
  SecretRedactor(Collection<String> secrets) {
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
    for (Pattern pattern : PATTERNS) {
      result = pattern.matcher(result).replaceAll("$1" + Matcher.quoteReplacement(REPLACEMENT));
    }
    return result;
  }

  private static Pattern pattern(String regex) {
    return Pattern.compile(regex, CASE_INSENSITIVE | DOTALL);
  }
}
