package dev.docket.elastic.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.concurrent.Stages;
import dev.docket.elastic.record.RecordJson;
import dev.docket.store.StoreUnavailable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.apache.http.ContentTooLongException;
import org.apache.http.HttpEntity;
import org.apache.http.client.config.RequestConfig;
import org.apache.http.entity.ContentType;
import org.apache.http.nio.entity.NByteArrayEntity;
import org.apache.http.util.EntityUtils;
import org.elasticsearch.client.Request;
import org.elasticsearch.client.RequestOptions;
import org.elasticsearch.client.Response;
import org.elasticsearch.client.ResponseException;
import org.elasticsearch.client.ResponseListener;
import org.elasticsearch.client.RestClient;
import org.elasticsearch.client.RestClientBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests to Elasticsearch and returns their responses as bytes. A response with an error
 * status is a response, not an exception.
 */
public final class ElasticHttp {

  private static final ContentType JSON = ContentType.create("application/json");

  private static final Duration DEFAULT_TIMEOUT =
      Duration.ofMillis(RestClientBuilder.DEFAULT_SOCKET_TIMEOUT_MILLIS);

  private final RestClient client;
  private final SilenceDetector silence;

  public ElasticHttp(RestClient client) {
    this(client, new SilenceDetector(DEFAULT_TIMEOUT, System::nanoTime));
  }

  /** Sends requests that share what is known about silence with the users of this detector. */
  ElasticHttp(RestClient client, SilenceDetector silence) {
    this.client = client;
    this.silence = silence;
  }

  /**
   * A response of Elasticsearch.
   *
   * @param body empty if the response has no body
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record RawResponse(int status, byte[] body) {

    public boolean ok() {
      return status >= 200 && status < 300;
    }

    public JsonNode json() {
      try {
        JsonNode json = RecordJson.mapper().readTree(body);
        return json == null ? RecordJson.mapper().nullNode() : json;
      } catch (IOException e) {
        throw new StoreUnavailable("the store responded with " + status + " and no JSON", e);
      }
    }

    /** Returns the status, type and reason of an error as text. */
    public String reason() {
      JsonNode error = error();
      String text = error.isTextual() ? error.asText() : error.path("reason").asText();
      String type = error.path("type").asText();
      return status + (type.isEmpty() ? "" : " " + type) + (text.isEmpty() ? "" : ": " + text);
    }

    private JsonNode error() {
      try {
        return json().path("error");
      } catch (StoreUnavailable noJson) {
        return RecordJson.mapper().missingNode();
      }
    }

    /** Returns why Elasticsearch rejects writes; empty if it does not, or for another reason. */
    Optional<String> block() {
      JsonNode error = ok() ? RecordJson.mapper().missingNode() : error();
      return WriteBlock.explain(error.path("type").asText(), error.path("reason").asText());
    }

    /**
     * Returns the type of an error, such as {@code index_not_found_exception}; empty if the
     * response has none.
     */
    public String errorType() {
      return json().path("error").path("type").asText();
    }
  }

  /**
   * Sends a request without blocking. The stage completes on an I/O thread of the client, which
   * must not be blocked: continue on another thread. It fails if there is no response.
   */
  public CompletionStage<RawResponse> send(Request request) {
    CompletableFuture<RawResponse> result = new CompletableFuture<>();
    long sentAt;
    try {
      sentAt = silence.begin();
    } catch (NoAnswerException e) {
      result.completeExceptionally(e);
      return result;
    }
    ResponseListener listener =
        new ResponseListener() {
          @Override
          public void onSuccess(Response response) {
            silence.responded();
            complete(result, response);
          }

          @Override
          public void onFailure(Exception failure) {
            if (failure instanceof ResponseException errorStatus) {
              silence.responded();
              complete(result, errorStatus.getResponse());
            } else if (failure instanceof IOException noResponse) {
              result.completeExceptionally(failed(request, sentAt, noResponse));
            } else {
              result.completeExceptionally(failure);
            }
          }
        };
    try {
      client.performRequestAsync(request, listener);
    } catch (RuntimeException closed) {
      result.completeExceptionally(closed);
    }
    return result;
  }

  private IOException failed(Request request, long sentAt, IOException failure) {
    RequestConfig own = request.getOptions().getRequestConfig();
    return silence.failed(
        sentAt,
        failure,
        own == null ? silence.timeout() : Duration.ofMillis(own.getSocketTimeout()));
  }

  /** Whether the request was not sent, because all connections are in use by other requests. */
  public static boolean noConnectionIsFree(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof TimeoutException) {
        return true;
      }
    }
    return false;
  }

  private static void complete(CompletableFuture<RawResponse> result, Response response) {
    try {
      HttpEntity entity = response.getEntity();
      byte[] body = entity == null ? new byte[0] : EntityUtils.toByteArray(entity);
      result.complete(new RawResponse(response.getStatusLine().getStatusCode(), body));
    } catch (IOException | RuntimeException e) {
      result.completeExceptionally(e);
    }
  }

  /**
   * Sends a request and waits for its response.
   *
   * @throws StoreUnavailable if there is no response
   */
  public RawResponse call(String method, String path, @Nullable JsonNode body) {
    return call(method, path, body, ElasticClients.DEFAULT_OPTIONS);
  }

  /** Sends a request with options, such as a timeout, and waits for its response. */
  public RawResponse call(
      String method, String path, @Nullable JsonNode body, RequestOptions options) {
    Request request = new Request(method, path);
    request.setOptions(options);
    if (body != null) {
      request.setEntity(json(body.toString().getBytes(StandardCharsets.UTF_8)));
    }
    return join(send(request));
  }

  /**
   * Waits for a stage.
   *
   * @throws StoreUnavailable if it fails
   */
  public static <T> T join(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().join();
    } catch (CompletionException e) {
      throw unavailable(e);
    }
  }

  public static HttpEntity json(byte[] body) {
    return new NByteArrayEntity(body, JSON);
  }

  /** Returns whether the response exceeded the limit of {@link ElasticClients}. */
  public static boolean isTooLarge(@Nullable Throwable failure) {
    return failure != null
        && (failure instanceof ContentTooLongException || isTooLarge(failure.getCause()));
  }

  /**
   * Returns why there is no response. The text omits the cause's message, which can contain
   * addresses.
   */
  public static String noResponseReason(Throwable cause) {
    if (noConnectionIsFree(cause)) {
      return "all connections to Elasticsearch are in use";
    }
    return cause instanceof NoAnswerException
        ? String.valueOf(cause.getMessage())
        : "the store is unreachable (" + cause.getClass().getSimpleName() + ")";
  }

  /** Wraps a failure; a {@link StoreUnavailable} is returned as it is. */
  public static StoreUnavailable unavailable(Throwable failure) {
    Throwable cause = Stages.cause(failure);
    return cause instanceof StoreUnavailable unavailable
        ? unavailable
        : new StoreUnavailable(noResponseReason(cause), cause);
  }
}
