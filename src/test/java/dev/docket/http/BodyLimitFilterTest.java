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
  private static final CompletableFuture<String> DONE = new CompletableFuture<>();

  private final BodyLimitFilter limit = new BodyLimitFilter(MAX_BODY, MAX_ALL_BODIES);
  private final ResourceExtension http =
      ResourceExtension.builder()
          .setRegisterDefaultExceptionMappers(false)
          .addProvider(new ErrorsFeature())
          .addProvider(limit)
          .addResource(new Reading())
          .build();

  /** Reads a body, and answers at once or later. */
  @Path("/")
  public static final class Reading {
    @POST
    @Path("now")
    public int now(InputStream body) throws IOException {
      return body.readAllBytes().length;
    }

    @POST
    @Path("later")
    public int later(InputStream body) throws IOException {
      int length = body.readAllBytes().length;
      DONE.join();
      return length;
    }
  }

  private int post(String path, int length) {
    return http.target(path).request().post(Entity.text("x".repeat(length))).getStatus();
  }

  @Test
  void bodiesUnderWayLeaveRoomForNoMoreThanTheLimitOfAll() {
    CompletableFuture<Integer> under = CompletableFuture.supplyAsync(() -> post("later", MAX_BODY));
    await().untilAsserted(() -> assertThat(limit.held()).isEqualTo(MAX_BODY));

    var refused = http.target("now").request().post(Entity.text("x".repeat(MAX_BODY)));
    assertThat(refused.getStatus()).isEqualTo(503);
    assertThat(refused.getHeaderString("Retry-After")).isNotEmpty();
    assertThat(post("now", 1 << 16)).as("a small one").isEqualTo(200);

    DONE.complete("");
    assertThat(under.join()).isEqualTo(200);
    await().untilAsserted(() -> assertThat(limit.held()).isZero());
    assertThat(post("now", MAX_BODY)).isEqualTo(200);
    assertThat(post("now", MAX_BODY + 1)).isEqualTo(413);
    await().untilAsserted(() -> assertThat(limit.held()).isZero());
  }
}
