package dev.docket.logging;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LogTextTest {

  private static final LogText TEXT = new LogText(List.of());

  private static String sanitize(String text) {
    return TEXT.sanitize(text, LogText.MAX_MESSAGE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Elasticsearch is unreachable (connection refused); retrying every 1s",
        "Sébastien, Łódź, Ελλάδα, журнал, 文書, مرحبا, שלום, \uD83D\uDCDA, e\u0301",
        "an API key or a token is required: send Authorization: Bearer <key>, or the key as the password of"
            + " any user",
        "401 with Basic authentication, or with a Bearer token; basic auth; ApiKey credentials",
        "Connecting to http://a:9200,https://b:9200/path?size=1; mail me@example.org",
        "password: must not be empty; the token is missing; broker.uri, results.maxPayload=16",
        "docket_tasks_open{key=\"ASR\",state=\"422\"} run 3 of max_tokens=5",
        "a \\n in the text, \"quoted\", 100 %, C:\\temp",
        "password=[REDACTED] Authorization: Bearer [REDACTED] amqp://user:[REDACTED]@host",
      })
  void leavesOrdinaryTextUnchanged(String text) {
    assertThat(sanitize(text)).isEqualTo(text);
  }

  @Test
  void returnsSameInstanceIfThereIsNothingToChange() {
    String text = "Rejected a request with 400: priority must be between 0 and 10 (was 11)";
    assertThat(sanitize(text)).isSameAs(text);
  }

  @Test
  void escapesControlCharactersVisibly() {
    assertThat(sanitize("a\r\nb\tc\u001b[31m\0\u007f\u0085\u009b\u2028\u2029"))
        .isEqualTo("a\\r\\nb\\tc\\u001b[31m\\u0000\\u007f\\u0085\\u009b\\u2028\\u2029");
  }

  @Test
  void escapesEveryControlCharacterAndDirectionOverride() {
    for (char c = 0; c < 0xffff; c++) {
      boolean control =
          Character.isISOControl(c) || (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
      assertThat(sanitize("x" + c).indexOf(c) < 0).as("U+%04X", (int) c).isEqualTo(control);
    }
  }

  @Test
  void truncatesLongTextAndSaysHowMuchIsMissing() {
    String text = "x".repeat(56 * 1024);
    assertThat(sanitize(text)).isEqualTo("x".repeat(8 * 1024) + "… (49152 characters omitted)");
    String longest = "x".repeat(8 * 1024);
    assertThat(sanitize(longest)).isSameAs(longest);
  }

  @Test
  void countsEscapesInTheMaximum() {
    assertThat(sanitize("\u001b".repeat(56 * 1024)))
        .isEqualTo("\\u001b".repeat(1365) + "… (55979 characters omitted)");
  }

  @Test
  void cutsNoSurrogatePair() {
    String books = "\uD83D\uDCDA".repeat(10);
    assertThat(TEXT.sanitize(books, 5))
        .isEqualTo("\uD83D\uDCDA\uD83D\uDCDA… (16 characters omitted)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "Authorization: Bearer abcdefghij|Authorization: Bearer [REDACTED]",
        "AUTHORIZATION: bEARER s|AUTHORIZATION: bEARER [REDACTED]",
        "authorization=[Basic dTpw], host=[h]|authorization=[Basic [REDACTED]], host=[h]",
        "{\"Proxy-Authorization\": \"ApiKey aWQ6a2V5\"}|{\"Proxy-Authorization\": \"ApiKey [REDACTED]\"}",
        ">> \"Authorization: Basic dTpw[\\r][\\n]\"|>> \"Authorization: Basic [REDACTED][\\r][\\n]\"",
        "Authorization: own-scheme|Authorization: [REDACTED]",
        "sent Bearer k3y-of_caller to a|sent Bearer [REDACTED] to a",
        "the key dk_0123456789abcdef_a-b_C9 of x|the key dk_0123456789abcdef_[REDACTED] of x",
        "sent eyJhbGciOiJub25lIn0.e30.AA-_ to a|sent [REDACTED] to a",
        "sent Basic dXNlcjpwYXNz|sent Basic [REDACTED]",
        "at amqp://user:p%40ss@host:5672/v|at amqp://user:[REDACTED]@host:5672/v",
        "at amqp://user:p@ss@host:5672/v|at amqp://user:[REDACTED]@host:5672/v",
        "at https://t0ken@host/x@y|at https://[REDACTED]@host/x@y",
        "GET /task?access_token=abc&size=1|GET /task?access_token=[REDACTED]&size=1",
        "a?API_KEY=abc b?apikey=x|a?API_KEY=[REDACTED] b?apikey=[REDACTED]",
        "Settings[user=u, password=hush, runToken=x]|Settings[user=u, password=[REDACTED], runToken=[REDACTED]]",
        "{\"password\":\"hush hush\"}|{\"password\":\"[REDACTED] hush\"}",
        "Docket-Run: 0123abcd|Docket-Run: [REDACTED]",
        "docket-claim=[c-1], docket-attempt=[1]|docket-claim=[[REDACTED]], docket-attempt=[1]",
        "{\"claim_id\":\"c-1\",\"run\":\"0a\",\"attempt\":1}|{\"claim_id\":\"[REDACTED]\",\"run\":\"[REDACTED]\",\"attempt\":1}",
        "HeapByteBuffer@1[p=0,l=9]={<<<GET / HTTP/1.1\\x0d...en: abcd\\x0d\\x0a>>>xyz}|HeapByteBuffer@1[p=0,l=9]={[REDACTED]}",
      })
  void redactsWhatLooksLikeSecret(String text, String expected) {
    assertThat(sanitize(text)).isEqualTo(expected);
  }

  @Test
  void redactsConfiguredSecretsInEveryForm() {
    ConfiguredSecrets secrets = new ConfiguredSecrets();
    secrets.add("elastic", "pa ss/w\"örd");
    secrets.addUri("amqp://docket:br%2Fok%40er@rabbit:5672/v%2Fhost");
    secrets.addUri("amqp://guest:guest@rabbit");
    LogText text = new LogText(secrets.forms());
    assertThat(
            text.sanitize(
                "pa ss/w\"örd, pa+ss%2Fw%22%C3%B6rd, pa%20ss%2fw%22%c3%b6rd, pa ss/w\\\"örd,"
                    + " ZWxhc3RpYzpwYSBzcy93IsO2cmQ=, br%2Fok%40er, br/ok@er, ZG9ja2V0OmJyL29rQGVy,"
                    + " guest",
                LogText.MAX_MESSAGE))
        .isEqualTo(
            "[REDACTED], [REDACTED], [REDACTED], [REDACTED], [REDACTED]=, [REDACTED], [REDACTED],"
                + " [REDACTED], guest");
  }

  @Test
  void redactsShortSecretAsWholeWordOnly() {
    LogText text = new LogText(List.of("test"));
    assertThat(text.sanitize("the latest test", 100)).isEqualTo("the latest [REDACTED]");
  }

  @Test
  void showsNoPartOfSecretThatIsCut() {
    LogText text = new LogText(List.of("correct-horse-battery"));
    assertThat(text.sanitize("12345 correct-horse-battery 7890", 12))
        .isEqualTo("12345 [REDAC… (9 characters omitted)");
  }

  @Test
  void isFastOnHostileText() {
    for (String part : List.of("://", "Bearer ", "a-", "authorization=", "<<<", "{", "\"", "=")) {
      String text = part.repeat(56 * 1024 / part.length());
      assertThat(sanitize(text).length()).isLessThan(9 * 1024);
    }
  }
}
