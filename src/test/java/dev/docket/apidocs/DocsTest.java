package dev.docket.apidocs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.auth.ApiKey;
import dev.docket.auth.ApiKeys;
import dev.docket.auth.AuthFeature;
import dev.docket.http.ErrorsFeature;
import io.dropwizard.testing.junit5.DropwizardExtensionsSupport;
import io.dropwizard.testing.junit5.ResourceExtension;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.glassfish.jersey.client.ClientProperties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the API description and its page over HTTP, on a server with API keys. */
@ExtendWith(DropwizardExtensionsSupport.class)
final class DocsTest {

  private static final Pattern LINK = Pattern.compile("(?:src|href)=\"([^\"]*)\"");

  private final ResourceExtension http =
      ResourceExtension.builder()
          .setRegisterDefaultExceptionMappers(false)
          .addProvider(new ErrorsFeature())
          .addProvider(
              new AuthFeature(
                  new ApiKeys(
                      List.of(new ApiKey("in", ApiKey.hash("a key"), Set.of("archivist"))))))
          .addResource(new ApiDescriptionResource(() -> new ApiDescription("1.2.3")))
          .addResource(new DocsResource(DocsPage::new))
          .build();

  @Test
  void servesDescriptionWithoutKeyAndRespects304() throws Exception {
    Response response = get("/openapi.json");
    assertThat(response.getStatus()).isEqualTo(200);
    assertThat(response.getMediaType().toString()).isEqualTo("application/json");
    assertThat(new ObjectMapper().readTree(response.readEntity(String.class)))
        .isEqualTo(new ApiDescription("1.2.3").document());

    Response second =
        http.target("/openapi.json")
            .request()
            .header("If-None-Match", response.getHeaderString("ETag"))
            .get();
    assertThat(second.getStatus()).isEqualTo(304);
    assertThat(second.hasEntity()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/openapi.json", "/docs/"})
  void rejectsInvalidEntityTag(String path) {
    for (String tag : new String[] {"a", "\"a", "W/", ""}) {
      Response response = http.target(path).request().header("If-None-Match", tag).get();
      assertThat(response.getStatus()).isEqualTo(400);
      assertThat(response.readEntity(String.class)).contains("If-None-Match:");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/docs", "/manage", "/manage/"})
  void redirectsToPage(String path) {
    Response response = get(path);
    assertThat(response.getStatus()).isEqualTo(307);
    assertThat(response.getLocation().getPath()).isEqualTo("/docs/");
  }

  @Test
  void pageRefersToExistingFilesOnly() {
    Response page = get("/docs/");
    assertThat(page.getHeaderString("Content-Security-Policy"))
        .contains("default-src 'none'")
        .doesNotContain("unsafe");
    assertThat(page.getHeaderString("Content-Type")).isEqualTo("text/html;charset=utf-8");
    String html = page.readEntity(String.class);
    assertThat(html).contains("<title>Docket API</title>").doesNotContain("//");
    Matcher links = LINK.matcher(html);
    int count = 0;
    while (links.find()) {
      Response file = get(URI.create("/docs/").resolve(links.group(1)).getPath());
      assertThat(file.getStatus()).as(links.group(1)).isEqualTo(200);
      count++;
    }
    assertThat(count).isEqualTo(5);
  }

  @Test
  void versionedFilesAreImmutable() {
    String html = get("/docs/").readEntity(String.class);
    Matcher style = Pattern.compile("swagger-ui-[0-9.]+\\.css").matcher(html);
    assertThat(style.find()).isTrue();
    Response file = get("/docs/" + style.group());
    assertThat(file.getHeaderString("Cache-Control")).contains("immutable");
    assertThat(file.getHeaderString("Content-Type")).startsWith("text/css");
    assertThat(get("/docs/docket.js").getHeaderString("Cache-Control")).isEqualTo("no-cache");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/docs/index.html",
        "/docs/swagger-ui.js",
        "/docs/..%2Fdocket.js",
        "/docs/..%2F..%2Fopenapi%2Fdocket.yaml",
        "/docs/META-INF/MANIFEST.MF"
      })
  void servesNoOtherFiles(String path) {
    Response response = get(path);
    assertThat(response.getStatus()).isEqualTo(404);
    assertThat(response.getMediaType().toString()).isEqualTo("application/problem+json");
  }

  private Response get(String path) {
    return http.target(path).property(ClientProperties.FOLLOW_REDIRECTS, false).request().get();
  }
}
