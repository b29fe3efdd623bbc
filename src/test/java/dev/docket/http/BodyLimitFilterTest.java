package dev.docket.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dropwizard.testing.junit5.DropwizardExtensionsSupport;
import io.dropwizard.testing.junit5.ResourceExtension;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.client.Entity;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(DropwizardExtensionsSupport.class)
final class BodyLimitFilterTest {

  private static final int MAX_BODY = 100_000;
  private static final int MAX_ALL_BODIES = 150_000;
  private static final CompletableFuture<String> PROCEED = new CompletableFuture<>();

  private final BodyLimitFilter filter = new BodyLimitFilter(MAX_BODY, MAX_ALL_BODIES);
  private final ResourceExtension http =
      ResourceExtension.builder()
          .setRegisterDefaultExceptionMappers(false)
          .addProvider(new ErrorsFeature())
          .addProvider(filter)
          .addResource(new BodyReadingResource())
          .build();

  /** Reads a body and responds immediately, or when the test completes a future. */
  @Path("/")
  public static final class BodyReadingResource {
    @POST
    @Path("now")
    public int now(InputStream body) throws IOException {
      return body.readAllBytes().length;
    }

    @POST
    @Path("later")
    public int later(InputStream body) throws IOException {
      int length = body.readAllBytes().length;
      PROCEED.join();
      return length;
    }
  }

  private int post(String path, int length) {
    return http.target(path).request().post(Entity.text("x".repeat(length))).getStatus();
  }

  @Test
  void limitsTotalSizeOfConcurrentBodies() {
    CompletableFuture<Integer> pending =
        CompletableFuture.supplyAsync(() -> post("later", MAX_BODY));
    await().untilAsserted(() -> assertThat(filter.totalBytes()).isEqualTo(MAX_BODY));

    var rejected = http.target("now").request().post(Entity.text("x".repeat(MAX_BODY)));
    assertThat(rejected.getStatus()).as("the same caller").isEqualTo(429);
    assertThat(rejected.getHeaderString("Retry-After")).isNotEmpty();
    assertThat(post("now", 1 << 16)).as("a small body").isEqualTo(200);

    PROCEED.complete("");
    assertThat(pending.join()).isEqualTo(200);
    await().untilAsserted(() -> assertThat(filter.totalBytes()).isZero());
    assertThat(post("now", MAX_BODY)).isEqualTo(200);
    assertThat(post("now", MAX_BODY + 1)).isEqualTo(413);
    await().untilAsserted(() -> assertThat(filter.totalBytes()).isZero());
  }
}
