package dev.docket.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class FirstRequestsTest {

  private final FirstRequests requests =
      new FirstRequests(URI.create("http://127.0.0.1:5500"), Path.of("/some where/it's"), 7);

  @Test
  void quotesUnusualDirectoryNamesForTheShell() {
    assertThat(requests.register())
        .contains("file:///some%20where/it%27s/examples/collection/letter.txt")
        .endsWith(" http://127.0.0.1:5500/document");
    assertThat(requests.register().chars().filter(each -> each == '\'')).hasSize(4);
  }

  @Test
  void assignsTaskToRegisteredDocument() {
    // printf letter-7me | sha1sum
    String id = "f1b8075b217074ccd6f94e22d1a38750eeb428b3";
    assertThat(requests.assign()).contains("\"document_id\":\"" + id + "\"");
    assertThat(requests.results())
        .isEqualTo("curl http://127.0.0.1:5500/document/" + id + "/results");
  }
}
