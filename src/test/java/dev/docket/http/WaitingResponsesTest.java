package dev.docket.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.store.StoreUnavailable;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.CompletionCallback;
import jakarta.ws.rs.core.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

final class WaitingResponsesTest {

  private final WaitingResponses responses = new WaitingResponses(new ObjectMapper());

  /** A client, its request and the content that it waits for. */
  private final class Client extends ServletOutputStream
      implements AwaitedContent<Map<String, Object>> {
    private final CompletableFuture<Map<String, Object>> content = new CompletableFuture<>();
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private boolean waiting = true;
    private boolean reads = true;
    private boolean connected = true;
    private WriteListener listener;
    private Object resumed;
    private CompletionCallback callback;
    private int completions;
    private int sent;
    private int lost;

    private Client open() {
      responses.respond(
          stub(HttpServletRequest.class),
          stub(HttpServletResponse.class),
          stub(AsyncResponse.class),
          this);
      return this;
    }

    private <S> S stub(Class<S> type) {
      return type.cast(
          Proxy.newProxyInstance(
              type.getClassLoader(),
              new Class<?>[] {type},
              (proxy, method, arguments) ->
                  switch (method.getName()) {
                    case "getOutputStream" -> this;
                    case "getAsyncContext" -> stub(AsyncContext.class);
                    case "complete" -> {
                      completions++;
                      yield null;
                    }
                    case "resume" -> {
                      resumed = arguments[0];
                      yield connected;
                    }
                    case "register" -> {
                      callback = (CompletionCallback) arguments[0];
                      yield List.of();
                    }
                    default -> null;
                  }));
    }

    String text() {
      return received.toString(StandardCharsets.UTF_8);
    }

    @Override
    public CompletionStage<Map<String, Object>> content() {
      return content;
    }

    @Override
    public boolean isWaiting() {
      return waiting;
    }

    @Override
    public Map<String, Object> failure(int status, String detail) {
      return Map.of("error", status + " " + detail);
    }

    @Override
    public void sent() {
      sent++;
    }

    @Override
    public void lost() {
      lost++;
    }

    @Override
    public boolean isReady() {
      return reads;
    }

    @Override
    public void setWriteListener(WriteListener writeListener) {
      listener = writeListener;
    }

    @Override
    public void write(int b) throws IOException {
      if (!connected) {
        throw new IOException("broken pipe");
      }
      received.write(b);
    }
  }

  @Test
  void sendsASpaceForEachTickAndThenTheContent() {
    Client client = new Client().open();
    responses.tick();
    responses.tick();

    client.content.complete(Map.of("tasks", 1));
    responses.tick();

    assertThat(client.text()).isEqualTo("  {\"tasks\":1}");
    assertThat(client.sent).isEqualTo(1);
    assertThat(client.completions).isEqualTo(1);
    assertThat(client.resumed).isNull();
  }

  @Test
  void contentBeforeTheFirstSpaceIsAnOrdinaryResponse() {
    Client client = new Client().open();

    client.content.complete(Map.of("tasks", 1));

    assertThat(client.resumed).isEqualTo(Map.of("tasks", 1));
    assertThat(client.text()).isEmpty();
    client.callback.onComplete(null);
    assertThat(client.sent).isEqualTo(1);
  }

  @Test
  void failureBeforeTheFirstSpaceHasItsStatus() {
    Client client = new Client().open();
    client.waiting = false;
    responses.tick();

    client.content.completeExceptionally(new StoreUnavailable("down"));

    assertThat(((Response) client.resumed).getStatus()).isEqualTo(503);
    assertThat(client.text()).isEmpty();
  }

  @Test
  void failureAfterTheFirstSpaceIsInTheBody() {
    Client client = new Client().open();
    responses.tick();

    client.content.completeExceptionally(new StoreUnavailable("down"));

    assertThat(client.text()).startsWith(" {\"error\":\"503 ").contains("down");
    assertThat(client.sent).isEqualTo(1);
  }

  @Test
  void disconnectEndsTheWait() {
    Client client = new Client().open();
    responses.tick();
    client.connected = false;

    responses.tick();
    client.content.complete(Map.of("tasks", 1));
    responses.tick();

    assertThat(client.lost).isEqualTo(1);
    assertThat(client.sent).isZero();
    assertThat(client.completions).isEqualTo(1);
  }

  @Test
  void disconnectThatTheConnectionReportsEndsTheWaitOnce() {
    Client client = new Client().open();
    responses.tick();

    client.listener.onError(new IOException("reset"));
    client.listener.onError(new IOException("reset"));

    assertThat(client.lost).isEqualTo(1);
    assertThat(client.completions).isEqualTo(1);
  }

  @Test
  void disconnectWhileAnOrdinaryResponseIsWrittenLosesIt() {
    Client client = new Client().open();
    client.content.complete(Map.of("tasks", 1));

    client.callback.onComplete(new IOException("reset"));

    assertThat(client.lost).isEqualTo(1);
    Client earlier = new Client().open();
    earlier.connected = false;
    earlier.content.complete(Map.of("tasks", 1));
    assertThat(earlier.lost).isEqualTo(1);
  }

  @Test
  void clientsThatDoNotReadHoldUpNoOther() throws IOException {
    List<Client> clients = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      Client client = new Client().open();
      client.reads = i % 2 == 0;
      clients.add(client);
    }

    responses.tick();
    responses.tick();
    clients.forEach(client -> client.content.complete(Map.of("tasks", 1)));

    for (Client client : clients) {
      assertThat(client.text()).isEqualTo(client.reads ? "  {\"tasks\":1}" : "");
      if (!client.reads) {
        client.reads = true;
        client.listener.onWritePossible();
        assertThat(client.text()).as("only what is useful now").isEqualTo("{\"tasks\":1}");
      }
      assertThat(client.sent).isEqualTo(1);
    }
  }
}
