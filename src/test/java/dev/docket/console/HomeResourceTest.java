package dev.docket.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.auth.RejectionListener;
import dev.docket.auth.TestKeys;
import dev.docket.auth.http.AuthFeature;
import dev.docket.auth.key.ApiKey;
import dev.docket.counts.LatestCounts;
import dev.docket.drift.LatestDrift;
import dev.docket.http.ErrorsFeature;
import dev.docket.search.Hits;
import dev.docket.search.Page;
import dev.docket.search.SearchQuery;
import dev.docket.search.TaskSearch;
import dev.docket.task.Task;
import dev.docket.workers.LatestOccupancy;
import io.dropwizard.testing.junit5.DropwizardExtensionsSupport;
import io.dropwizard.testing.junit5.ResourceExtension;
import jakarta.ws.rs.client.Invocation;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The start page over HTTP, on a server with API keys. */
@ExtendWith(DropwizardExtensionsSupport.class)
final class HomeResourceTest {

  private static final PageTemplates PAGES = new PageTemplates();

  private static final String BROWSER =
      "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8";

  private final ResourceExtension http =
      ResourceExtension.builder()
          .setRegisterDefaultExceptionMappers(false)
          .addProvider(new ErrorsFeature())
          .addProvider(
              new AuthFeature(
                  TestKeys.authenticator(
                      new ApiKey("an", ApiKey.hash("analyst key"), Set.of("analyst")),
                      new ApiKey("wo", ApiKey.hash("worker key"), Set.of("worker"))),
                  RejectionListener.NONE))
          .addProvider(new BrowserLoginFilter(PAGES))
          .addResource(new HomeResource(reader(), PAGES, "1.2.3"))
          .build();

  private static OverviewReader reader() {
    TaskSearch nothing =
        new TaskSearch() {
          @Override
          public Page<Task> search(SearchQuery query) {
            return new Page<>(List.of(), null, Map.of(), 0, true);
          }

          @Override
          public Hits<Task> all(SearchQuery query) {
            throw new AssertionError("the page must not read all hits");
          }
        };
    return new OverviewReader(
        "1.2.3",
        new OverviewReader.Backends(Optional::empty, Optional::empty),
        new LatestCounts(),
        new LatestDrift(),
        new LatestOccupancy(),
        nothing,
        List.of("docket"),
        (task, now) -> {
          throw new AssertionError("there is no task to explain");
        },
        Clock.systemUTC(),
        System::nanoTime);
  }

  private Response get(String accept, String authorization) {
    Invocation.Builder request = http.target("/").request().header("Accept", accept);
    return (authorization.isEmpty() ? request : request.header("Authorization", authorization))
        .get();
  }

  private static String basic(String key) {
    byte[] credentials = ("anyone:" + key).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(credentials);
  }

  @Test
  void browsersReceiveThePage() {
    Response response = get(BROWSER, basic("analyst key"));

    assertThat(response.getStatus()).isEqualTo(200);
    assertThat(response.getHeaderString("Content-Type")).isEqualTo("text/html;charset=utf-8");
    assertThat(response.getHeaderString("Content-Security-Policy")).contains("default-src 'none'");
    assertThat(response.getHeaderString("Cache-Control")).isEqualTo("no-store");
    assertThat(response.getHeaderString("Vary")).isEqualTo("Accept");
    assertThat(response.readEntity(String.class)).contains("<h1>Docket</h1>");
  }

  @ParameterizedTest
  @ValueSource(strings = {"*/*", "application/json", "application/json, text/html;q=0.9"})
  void otherClientsReceiveLinks(String accept) throws Exception {
    Response response = get(accept, "Bearer analyst key");

    assertThat(response.getStatus()).isEqualTo(200);
    JsonNode body = new ObjectMapper().readTree(response.readEntity(String.class));
    assertThat(body.path("name").asText()).isEqualTo("docket-server");
    assertThat(body.path("version").asText()).isEqualTo("1.2.3");
    assertThat(body.path("links").path("docs").asText()).isEqualTo("/docs/");
    assertThat(body.path("links").path("openapi").asText()).isEqualTo("/openapi.json");
    assertThat(body.path("links").path("search_task").asText()).isEqualTo("/search/task");
  }

  @Test
  void browsersWithoutKeyAreAskedToLogIn() {
    Response response = get(BROWSER, "");

    assertThat(response.getStatus()).isEqualTo(401);
    assertThat(response.getStringHeaders().get("WWW-Authenticate"))
        .anyMatch(challenge -> challenge.startsWith("Bearer"))
        .anyMatch(challenge -> challenge.startsWith("Basic"));
    assertThat(response.getMediaType().isCompatible(jakarta.ws.rs.core.MediaType.TEXT_HTML_TYPE))
        .isTrue();
    assertThat(response.getHeaderString("Content-Security-Policy")).contains("default-src 'none'");
    assertThat(response.readEntity(String.class)).contains("the API key as the password");
  }

  @Test
  void browsersWithoutRoleAreToldWhichRolesThePageNeeds() {
    Response response = get(BROWSER, basic("worker key"));

    assertThat(response.getStatus()).isEqualTo(403);
    assertThat(response.readEntity(String.class)).contains("archivist, analyst or admin");
  }

  @Test
  void otherClientsWithoutKeyReceiveAProblem() {
    Response response = get("*/*", "");

    assertThat(response.getStatus()).isEqualTo(401);
    assertThat(response.getHeaderString("WWW-Authenticate")).doesNotContain("Basic");
    assertThat(response.getMediaType().toString()).isEqualTo("application/problem+json");
  }
}
