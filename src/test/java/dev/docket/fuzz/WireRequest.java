package dev.docket.fuzz;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.fuzz.RequestDraft.Field;
import dev.docket.fuzz.RequestDraft.Framing;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;

/** The bytes of a request. */
final class WireRequest {

  /** Characters from here on stand for single bytes, which need not be valid UTF-8. */
  static final char FIRST_RAW_BYTE = '\uf700';

  private static final int MAX_PRINTED = 4_000;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final RequestDraft draft;

  /** The request line and the headers, without the empty line. */
  private final String head;

  private final byte[] body;

  private WireRequest(RequestDraft draft, String head, byte[] body) {
    this.draft = draft;
    this.head = head;
    this.body = body;
  }

  RequestDraft draft() {
    return draft;
  }

  /** The number of bytes of the body, as it is sent. */
  int bodyLength() {
    return body.length;
  }

  /**
   * @param random decides where a body is cut
   */
  static WireRequest of(RequestDraft draft, String host, Random random) {
    byte[] plain = encode(draft.text.isEmpty() ? jsonText(draft) : draft.text);
    Framing framing = draft.hasBody() ? draft.framing : Framing.LENGTH;
    StringBuilder head = new StringBuilder();
    String query =
        draft.query.stream()
            .map(field -> field.name() + (field.value().isEmpty() ? "" : "=" + field.value()))
            .collect(Collectors.joining("&"));
    head.append(draft.method).append(' ').append(draft.path);
    head.append(query.isEmpty() ? "" : "?" + query);
    head.append(' ').append(draft.version).append("\r\n");
    boolean ownHost = draft.headers.stream().anyMatch(h -> h.name().equalsIgnoreCase("Host"));
    head.append(ownHost ? "" : "Host: " + host + "\r\n");
    for (Field header : draft.headers) {
      head.append(header.name()).append(": ").append(header.value()).append("\r\n");
    }
    byte[] body = framed(framing, plain, random);
    switch (framing) {
      case CHUNKED, INVALID_CHUNK -> head.append("Transfer-Encoding: chunked\r\n");
      case LENGTH_AND_CHUNKED -> {
        head.append("Transfer-Encoding: chunked\r\n");
        head.append("Content-Length: ").append(plain.length).append("\r\n");
      }
      case GZIP, INVALID_GZIP -> {
        head.append("Content-Encoding: gzip\r\n");
        head.append("Content-Length: ").append(body.length).append("\r\n");
      }
      case LENGTH, TRUNCATED, RESET -> {
        if (draft.hasBody() || draft.method.equals("POST") || draft.method.equals("PUT")) {
          head.append("Content-Length: ").append(plain.length).append("\r\n");
        }
      }
    }
    return new WireRequest(draft, head.toString(), body);
  }

  private static String jsonText(RequestDraft draft) {
    if (draft.json.isMissingNode()) {
      return "";
    }
    if (!draft.ndjson || !draft.json.isArray()) {
      return text(draft.json);
    }
    StringBuilder lines = new StringBuilder();
    draft.json.forEach(line -> lines.append(text(line)).append('\n'));
    return lines.toString();
  }

  private static String text(JsonNode json) {
    try {
      return JSON.writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Encodes as UTF-8, with escapes for unpaired surrogates and with the bytes given as such. */
  static byte[] encode(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        bytes.write(c);
      } else if (c >= FIRST_RAW_BYTE && c < FIRST_RAW_BYTE + 256) {
        bytes.write(c - FIRST_RAW_BYTE);
      } else if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        bytes.writeBytes(text.substring(i, i + 2).getBytes(StandardCharsets.UTF_8));
        i++;
      } else if (Character.isSurrogate(c)) {
        bytes.writeBytes("\\u%04x".formatted((int) c).getBytes(StandardCharsets.US_ASCII));
      } else {
        bytes.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
      }
    }
    return bytes.toByteArray();
  }

  private static byte[] framed(Framing framing, byte[] plain, Random random) {
    return switch (framing) {
      case LENGTH -> plain;
      case CHUNKED, LENGTH_AND_CHUNKED -> chunked(plain, random, "0\r\n\r\n");
      case INVALID_CHUNK ->
          chunked(
              plain,
              random,
              pick(random, "zz\r\n", "-1\r\n", "fffffffffffffffffff\r\n", "5\r\nab", "0\r\na:b"));
      case GZIP -> gzip(plain);
      case INVALID_GZIP -> {
        byte[] gzip = gzip(plain);
        if (random.nextBoolean()) {
          yield Arrays.copyOf(gzip, random.nextInt(gzip.length));
        }
        gzip[random.nextInt(gzip.length)] ^= (byte) 0x55;
        yield gzip;
      }
      case TRUNCATED, RESET -> Arrays.copyOf(plain, random.nextInt(Math.max(1, plain.length)));
    };
  }

  private static String pick(Random random, String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private static byte[] chunked(byte[] plain, Random random, String end) {
    ByteArrayOutputStream chunks = new ByteArrayOutputStream();
    int from = 0;
    while (from < plain.length) {
      int length = Math.min(plain.length - from, 1 + random.nextInt(plain.length));
      chunks.writeBytes((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
      chunks.write(plain, from, length);
      chunks.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
      from += length;
    }
    chunks.writeBytes(end.getBytes(StandardCharsets.US_ASCII));
    return chunks.toByteArray();
  }

  private static byte[] gzip(byte[] plain) {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
      gzip.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return compressed.toByteArray();
  }

  byte[] bytes() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(encode(head));
    all.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
    all.writeBytes(body);
    return all.toByteArray();
  }

  /** A curl command, or a hex dump if curl cannot send the request. */
  String repeatable() {
    boolean plain =
        draft.framing == Framing.LENGTH
            && draft.version.equals("HTTP/1.1")
            && (head + new String(body, StandardCharsets.UTF_8))
                .chars()
                .allMatch(c -> c == '\r' || c == '\n' || (c >= ' ' && c <= '~' && c != '\''));
    String text = plain ? curl() : "hex of the request: " + HexFormat.of().formatHex(bytes());
    return text.length() > MAX_PRINTED
        ? text.substring(0, MAX_PRINTED) + "… (" + text.length() + " characters)"
        : text;
  }

  private String curl() {
    String[] lines = head.split("\r\n", -1);
    String port = draft.store ? "$STORE" : "$SERVER";
    StringBuilder command = new StringBuilder("curl -i --path-as-is -g -X ");
    command.append(draft.method).append(" \"").append(port).append("\"'");
    command.append(lines[0].split(" ", 3)[1]).append('\'');
    for (String header : Arrays.asList(lines).subList(1, lines.length)) {
      if (!header.isEmpty() && !header.toLowerCase(Locale.ROOT).startsWith("host: 127.0.0.1")) {
        command.append(" -H '").append(header).append('\'');
      }
    }
    if (body.length > 0) {
      command.append(" --data-binary '").append(new String(body, StandardCharsets.UTF_8));
      command.append('\'');
    }
    return command.toString();
  }
}
