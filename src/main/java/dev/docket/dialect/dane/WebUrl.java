package dev.docket.dialect.dane;

import java.nio.charset.StandardCharsets;

/** Percent-encodes what a URI must not contain, as DANE does; existing escapes stay. */
final class WebUrl {

  /** Reserved and unreserved characters of RFC 3986. */
  private static final String UNESCAPED = "!#$&'()*+,/:;=?@[]~-._";

  private static final char[] HEX = "0123456789ABCDEF".toCharArray();

  private WebUrl() {}

  static String encoded(String url) {
    byte[] bytes = url.strip().getBytes(StandardCharsets.UTF_8);
    StringBuilder encoded = new StringBuilder(bytes.length);
    for (int i = 0; i < bytes.length; i++) {
      char c = (char) (bytes[i] & 0xff);
      if (isKept(c) || (c == '%' && isHex(bytes, i + 1) && isHex(bytes, i + 2))) {
        encoded.append(c);
      } else {
        encoded.append('%').append(HEX[c >> 4]).append(HEX[c & 15]);
      }
    }
    return encoded.toString();
  }

  private static boolean isKept(char c) {
    return c < 128 && (Character.isLetterOrDigit(c) || UNESCAPED.indexOf(c) >= 0);
  }

  private static boolean isHex(byte[] bytes, int at) {
    return at < bytes.length && Character.digit((char) bytes[at], 16) >= 0 && bytes[at] > 0;
  }
}
