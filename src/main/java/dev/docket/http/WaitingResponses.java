package dev.docket.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.container.AsyncResponse;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * JSON responses whose content may take a while. While a response waits, the server sends one space
 * each second. So it notices within seconds that the client has disconnected, and proxies do not
 * close the connection as idle.
 */
public final class WaitingResponses {

  /** The time between two calls of {@link #tick}. */
  public static final Duration INTERVAL = Duration.ofSeconds(1);

  private final ObjectMapper mapper;
  private final Set<WaitingResponse<?>> waiting = ConcurrentHashMap.newKeySet();

  public WaitingResponses(ObjectMapper mapper) {
    this.mapper = mapper;
  }

  /**
   * Responds with the content as soon as there is some; returns at once. A failure has its own
   * status, unless white space was sent before.
   *
   * @param async the suspended response of the same request
   */
  public <T> void respond(
      HttpServletRequest request,
      HttpServletResponse response,
      AsyncResponse async,
      AwaitedContent<T> content) {
    WaitingResponse<T> created =
        new WaitingResponse<>(request, response, async, content, mapper::writeValueAsBytes);
    waiting.add(created);
    var unused =
        content
            .content()
            .whenComplete(
                (value, failure) -> {
                  waiting.remove(created);
                  created.complete(value, failure);
                });
  }

  /** Sends a space to each client that waits. Never waits for a client. */
  public void tick() {
    for (WaitingResponse<?> response : waiting) {
      response.sendSpace();
    }
  }
}
