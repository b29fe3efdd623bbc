package dev.docket.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.http.batch.StreamedArray;
import dev.docket.store.StoreUnavailable;
import io.dropwizard.core.Application;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.testing.ConfigOverride;
import io.dropwizard.testing.DropwizardTestSupport;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Streamed lists whose store fails, over a real connection. */
final class TruncatingInterceptorTest {

  private static final List<String> PAGE = Collections.nCopies(1000, "x".repeat(100));

  private static final DropwizardTestSupport<Configuration> SERVER =
      new DropwizardTestSupport<>(
          StreamingApplication.class,
          (String) null,
          ConfigOverride.config("server.applicationConnectors[0].port", "0"),
          ConfigOverride.config("server.adminConnectors[0].port", "0"));

  /** An application without configuration. */
  public static final class StreamingApplication extends Application<Configuration> {
    @Override
    public void run(Configuration configuration, Environment environment) {
      environment.jersey().register(new ErrorsFeature());
      environment.jersey().register(new StreamingResource());
    }
  }

  /** Lists that end, or fail, after two pages, and one that fails at the start. */
  @Path("/")
  public static final class StreamingResource {

    private final StreamedArray array = new StreamedArray(new ObjectMapper());
    private int pages;

    @GET
    @Path("whole")
    public StreamingOutput whole() {
      pages = 0;
      return out ->
          array.write(out, PAGE, 1000, last -> pages++ == 0 ? PAGE : List.of(), page -> page);
    }

    @GET
    @Path("broken")
    public StreamingOutput broken() {
      pages = 0;
      return out ->
          array.write(
              out,
              PAGE,
              1000,
              last -> {
                if (pages++ == 0) {
                  return PAGE;
                }
                throw new StoreUnavailable("connection lost");
              },
              page -> page);
    }

    /** Jackson serializes the value, which fails. */
    @GET
    @Path("value")
    public StreamingOutput value() {
      UnreadableValue unreadable =
          new UnreadableValue(
              () -> {
                throw new StoreUnavailable("connection refused");
              });
      return out -> new ObjectMapper().writeValue(out, unreadable);
    }

    @GET
    @Path("early")
    public StreamingOutput early() {
      return out -> {
        throw new StoreUnavailable("connection refused");
      };
    }
  }

  /** A value that is read from the store while it is serialized. */
  public record UnreadableValue(Supplier<String> store) {
    public String getText() {
      return store.get();
    }
  }

  @BeforeAll
  static void start() throws Exception {
    SERVER.before();
  }

  @AfterAll
  static void stop() {
    SERVER.after();
  }

  private static HttpResponse<String> get(String path) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + SERVER.getLocalPort() + path);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void sendsCompleteList() throws Exception {
    assertThat(new ObjectMapper().readTree(get("/whole").body())).hasSize(2000);
  }

  @Test
  void abortsConnectionWhenListFails() {
    assertThatThrownBy(() -> get("/broken")).isInstanceOf(IOException.class);
  }

  @Test
  void returnsErrorWhenListFailsBeforeFirstByte() throws Exception {
    for (String path : List.of("/early", "/value")) {
      HttpResponse<String> response = get(path);
      assertThat(response.statusCode()).isEqualTo(503);
      assertThat(response.body()).contains("connection refused");
    }
  }
}
