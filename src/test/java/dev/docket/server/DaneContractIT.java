package dev.docket.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.docket.backends.junit.BackendsExtension;
import dev.docket.server.TestServer.Response;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Each line of DANE's HTTP API, with the answers of {@code dane/http.yml}, at each address. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DaneContractIT {

  @RegisterExtension static final BackendsExtension BACKENDS = BackendsExtension.embedded();

  private static final Duration TIMEOUT = Duration.ofMinutes(1);
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{(\\w+)}");
  private static final ObjectMapper JSON = new ObjectMapper();

  private DaneTestServer dane;
  private PythonWorker worker;
  private PythonWorker silent;

  @BeforeAll
  void startServer() throws Exception {
    dane = new DaneTestServer(BACKENDS);
    StringBuilder keys = new StringBuilder("WORK,FAIL");
    for (Address address : Address.values()) {
      keys.append(",RESET418-" + address + ",RESET500-" + address);
    }
    worker = dane.worker("LINES", keys.toString());
    // It holds its one message for ever.
    silent = dane.worker("SILENT", "SILENT");
  }

  @AfterAll
  void stopServer() {
    if (worker != null) {
      worker.close();
    }
    if (silent != null) {
      silent.close();
    }
    if (dane != null) {
      dane.close();
    }
  }

  @TestFactory
  Stream<DynamicTest> answersAsDaneDoes() throws IOException {
    JsonNode lines;
    try (InputStream file = DaneContractIT.class.getResourceAsStream("/dane/http.yml")) {
      lines = new YAMLMapper().readTree(file);
    }
    return Stream.of(Address.values())
        .flatMap(
            address ->
                StreamSupport.stream(lines.spliterator(), false)
                    .map(
                        line ->
                            DynamicTest.dynamicTest(
                                address + ": " + line.path("line").asText(),
                                () -> test(line, address))));
  }

  /** Where clients reach DANE's API. */
  private enum Address {
    APPLICATION_PORT,
    OWN_PORT,
    ROOT_OF_OWN_PORT
  }

  private URI uri(String path, Address address) {
    return switch (address) {
      case APPLICATION_PORT -> URI.create(dane.server().uri() + path);
      case OWN_PORT -> URI.create(dane.port() + path);
      case ROOT_OF_OWN_PORT -> URI.create(dane.port() + path.replaceFirst("/DANE", ""));
    };
  }

  private void test(JsonNode line, Address address) throws IOException {
    Map<String, String> variables = new HashMap<>();
    variables.put("run", UUID.randomUUID().toString().substring(0, 8));
    variables.put("address", address.name());
    variables.put("base", address == Address.ROOT_OF_OWN_PORT ? "/" : "/DANE");
    variables.put("queue", BACKENDS.prefix() + "LINES");
    for (JsonNode unresolved : line.path("steps")) {
      JsonNode step = JSON.readTree(resolved(unresolved.toString(), variables));
      Response reply;
      if (step.path("await").asBoolean()) {
        AtomicReference<Response> last = new AtomicReference<>();
        await()
            .atMost(TIMEOUT)
            .untilAsserted(
                () -> {
                  last.set(send(step, address));
                  check(step, last.get());
                });
        reply = last.get();
      } else {
        reply = send(step, address);
        check(step, reply);
      }
      step.path("save")
          .properties()
          .forEach(
              saved ->
                  variables.put(
                      saved.getKey(), reply.body().at(saved.getValue().asText()).asText()));
    }
  }

  private static String resolved(String text, Map<String, String> variables) {
    Matcher matcher = VARIABLE.matcher(text);
    return matcher.replaceAll(
        variable -> {
          String value = variables.get(variable.group(1));
          assertThat(value).as(variable.group()).isNotNull();
          return Matcher.quoteReplacement(value);
        });
  }

  private Response send(JsonNode step, Address address) {
    String[] call = step.path("call").asText().split(" ", 2);
    String body =
        step.has("raw")
            ? step.path("raw").asText()
            : step.has("send") ? step.path("send").toString() : "";
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(call[1], address))
            .method(
                call[0],
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    if (step.has("type")) {
      request.header("Content-Type", step.path("type").asText());
    }
    return dane.server().send(request);
  }

  private static void check(JsonNode step, Response reply) {
    assertThat(reply.status())
        .as("%s: %s", step.path("call").asText(), reply.raw().body())
        .isEqualTo(step.path("status").asInt());
    if (step.has("body")) {
      assertThat(reply.raw().headers().firstValue("Content-Type")).contains("application/json");
      JsonNode actual = step.has("select") ? selected(step, reply.body()) : reply.body();
      assertThat(JsonPattern.difference(step.path("body"), actual))
          .as(step.path("call").asText())
          .isEmpty();
    }
    step.path("subset")
        .properties()
        .forEach(
            expected ->
                assertThat(reply.body().path(expected.getKey())).isEqualTo(expected.getValue()));
  }

  /** The only item of a list whose fields are as given; the text {@code none} if there is none. */
  private static JsonNode selected(JsonNode step, JsonNode list) {
    JsonNode found = NullNode.instance;
    for (JsonNode item : list) {
      boolean matches =
          step.path("select").properties().stream()
              .allMatch(field -> item.path(field.getKey()).equals(field.getValue()));
      if (matches) {
        assertThat(found.isNull()).as("only one").isTrue();
        found = item;
      }
    }
    return found.isNull() ? JSON.valueToTree("none") : found;
  }
}
