package dev.docket.console;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;

/**
 * Writes the HTML of the start page and of its error responses. Needs no script and loads nothing:
 * the style sheet is part of the page.
 */
final class OverviewPage {

  private static final String CSS = "console.css";

  private final TemplateEngine templates =
      TemplateEngine.createPrecompiled(
          null, ContentType.Html, OverviewPage.class.getClassLoader(), "dev.docket.console.page");

  private final String css = css();

  /** The value of {@code Content-Security-Policy}. */
  String policy() {
    return "default-src 'none'; style-src 'sha256-"
        + sha256(css)
        + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
  }

  String overview(Overview overview) {
    StringOutput html = new StringOutput();
    templates.render("overview.jte", Map.of("overview", overview, "css", css), html);
    return html.toString();
  }

  /** The page for a caller without a key, or without a role. */
  String rejection(boolean keyKnown) {
    StringOutput html = new StringOutput();
    templates.render("rejection.jte", Map.of("keyKnown", keyKnown, "css", css), html);
    return html.toString();
  }

  private static String css() {
    try (InputStream in = OverviewPage.class.getResourceAsStream(CSS)) {
      if (in == null) {
        throw new IllegalStateException(CSS + " is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String sha256(String text) {
    try {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java platform has SHA-256", impossible);
    }
  }
}
