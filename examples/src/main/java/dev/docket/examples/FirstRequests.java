package dev.docket.examples;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Three lines for a shell that work as they are.
 *
 * @param root its collection has the file that they are about
 * @param number makes the document a new one
 */
record FirstRequests(URI server, Path root, long number) {

  private static final String CREATOR = "me";

  private Path letter() {
    return root.resolve("examples").resolve("collection").resolve("letter.txt");
  }

  private String target() {
    return "letter-" + number;
  }

  String register() {
    return post(
        "/document",
        """
        {"target":{"id":"%s","url":"%s","type":"Text"},"creator":{"id":"%s","type":"Human"}}"""
            .formatted(target(), letter().toUri(), CREATOR));
  }

  String assign() {
    return post(
        "/task",
        """
        {"document_id":"%s","key":"%s"}"""
            .formatted(documentId(), FixityWorker.KEY));
  }

  String results() {
    return "curl " + server + "/document/" + documentId() + "/results";
  }

  private String post(String path, String json) {
    // The one character that ends a quotation of the shell, and may stand in a URL.
    String quoted = json.replace("'", "%27");
    return "curl -H 'Content-Type: application/json' -d '" + quoted + "' " + server + path;
  }

  /** As the server makes it, so that it is known before. */
  private String documentId() {
    try {
      byte[] pair = (target() + CREATOR).getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(pair));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-1", impossible);
    }
  }
}
