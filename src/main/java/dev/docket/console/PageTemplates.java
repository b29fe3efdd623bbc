package dev.docket.console;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/**
 * The templates of all pages. A page needs no script and loads nothing: the style sheet is part of
 * it.
 */
public final class PageTemplates {

  private static final String CSS = "console.css";

  private final TemplateEngine templates =
      TemplateEngine.createPrecompiled(
          null, ContentType.Html, PageTemplates.class.getClassLoader(), "dev.docket.console.page");

  private final String css = css();
  private final String cssHash = sha256(css);

  /**
   * The value of {@code Content-Security-Policy}.
   *
   * @param formAction where the forms of the page may be sent
   */
  String policy(String formAction) {
    return "default-src 'none'; style-src 'sha256-"
        + cssHash
        + "'; base-uri 'none'; form-action "
        + formAction
        + "; frame-ancestors 'none'";
  }

  /** Fills a template, which also gets the style sheet. */
  String render(String template, Map<String, Object> parameters) {
    Map<String, Object> all = new HashMap<>(parameters);
    all.put("css", css);
    StringOutput html = new StringOutput();
    templates.render(template + ".jte", all, html);
    return html.toString();
  }

  /** A response with a page that has forms. */
  Response response(int status, String template, String name, Object model) {
    return Response.status(status)
        .entity(render(template, Map.of(name, model)))
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .header("Content-Security-Policy", policy("'self'"))
        // Otherwise browsers do not tell this server that a form is from one of its own pages.
        .header("Referrer-Policy", "same-origin")
        .build();
  }

  private static String css() {
    try (InputStream in = PageTemplates.class.getResourceAsStream(CSS)) {
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
