package dev.docket.examples;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Three shell commands that users can copy to try Docket: register a document, assign a task to it,
 * read the result.
 *
 * @param root root of the repository, which contains the sample file
 * @param serial part of the target id, so that each set of commands registers a new document
 */
record FirstRequests(URI server, Path root, long serial) {

  private static final String CREATOR = "me";

  private Path sampleFile() {
    return root.resolve("examples").resolve("collection").resolve("letter.txt");
  }

  private String target() {
    return "letter-" + serial;
  }

  String register() {
    return post(
        "/document",
        """
        {"target":{"id":"%s","url":"%s","type":"Text"},"creator":{"id":"%s","type":"Human"}}"""
            .formatted(target(), sampleFile().toUri(), CREATOR));
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
    // A URL may contain a single quote, which would end the shell's quotation.
    String quoted = json.replace("'", "%27");
    return "curl -H 'Content-Type: application/json' -d '" + quoted + "' " + server + path;
  }

  /** The document's id. It is derived as the server does, so it is known in advance. */
  private String documentId() {
    try {
      byte[] name = (target() + CREATOR).getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(name));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    }
  }
}
