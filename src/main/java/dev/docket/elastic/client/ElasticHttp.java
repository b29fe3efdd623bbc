package dev.docket.elastic.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.elastic.record.RecordJson;
import dev.docket.store.StoreUnavailable;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.http.ContentTooLongException;
import org.apache.http.HttpEntity;
import org.apache.http.entity.ContentType;
import org.apache.http.nio.entity.NByteArrayEntity;
import org.apache.http.util.EntityUtils;
import org.elasticsearch.client.Request;
import org.elasticsearch.client.RequestOptions;
import org.elasticsearch.client.Response;
import org.elasticsearch.client.ResponseException;
import org.elasticsearch.client.ResponseListener;
import org.elasticsearch.client.RestClient;
import org.jspecify.annotations.Nullable;

/** Requests to Elasticsearch as bytes, answers as bytes; an error status is an answer too. */
public final class ElasticHttp {

  private static final ContentType JSON = ContentType.create("application/json");

  private final RestClient client;

  public ElasticHttp(RestClient client) {
    this.client = client;
  }

  /**
   * What Elasticsearch said.
   *
   * @param body empty if there was none
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Reply(int status, byte[] body) {

    public boolean ok() {
      return status >= 200 && status < 300;
    }

    public JsonNode json() {
      try {
        JsonNode json = RecordJson.mapper().readTree(body);
        return json == null ? RecordJson.mapper().nullNode() : json;
      } catch (IOException e) {
        throw new StoreUnavailable("the store answered " + status + " and no JSON", e);
      }
    }

    /** The reason of an error, for people. */
    public String reason() {
      try {
        JsonNode error = json().path("error");
        String text = error.isTextual() ? error.asText() : error.path("reason").asText();
        String type = error.path("type").asText();
        return status + (type.isEmpty() ? "" : " " + type) + (text.isEmpty() ? "" : ": " + text);
      } catch (StoreUnavailable noJson) {
        return String.valueOf(status);
      }
    }

    /** The type of an error, as {@code index_not_found_exception}; empty where there is none. */
    public String errorType() {
      return json().path("error").path("type").asText();
    }
  }

  /**
   * Sends without blocking. The stage completes on a thread of the client, which must not be kept:
   * continue on another. It fails where there is no answer.
   */
  public CompletionStage<Reply> send(Request request) {
    CompletableFuture<Reply> reply = new CompletableFuture<>();
    ResponseListener listener =
        new ResponseListener() {
          @Override
          public void onSuccess(Response response) {
            complete(reply, response);
          }

          @Override
          public void onFailure(Exception failure) {
            if (failure instanceof ResponseException refused) {
              complete(reply, refused.getResponse());
            } else {
              reply.completeExceptionally(failure);
            }
          }
        };
    try {
      client.performRequestAsync(request, listener);
    } catch (RuntimeException closed) {
      reply.completeExceptionally(closed);
    }
    return reply;
  }

  private static void complete(CompletableFuture<Reply> reply, Response response) {
    try {
      HttpEntity entity = response.getEntity();
      byte[] body = entity == null ? new byte[0] : EntityUtils.toByteArray(entity);
      reply.complete(new Reply(response.getStatusLine().getStatusCode(), body));
    } catch (IOException | RuntimeException e) {
      reply.completeExceptionally(e);
    }
  }

  /**
   * Sends and waits.
   *
   * @throws StoreUnavailable where there is no answer
   */
  public Reply call(String method, String path, @Nullable JsonNode body) {
    return call(method, path, body, ElasticClients.DEFAULT_OPTIONS);
  }

  /** The same with options of its own, as for how long it may take. */
  public Reply call(String method, String path, @Nullable JsonNode body, RequestOptions options) {
    Request request = new Request(method, path);
    request.setOptions(options);
    if (body != null) {
      request.setEntity(json(body.toString().getBytes(StandardCharsets.UTF_8)));
    }
    try {
      return send(request).toCompletableFuture().join();
    } catch (CompletionException e) {
      throw unavailable(e);
    }
  }

  public static HttpEntity json(byte[] body) {
    return new NByteArrayEntity(body, JSON);
  }

  /** Whether the answer was larger than {@link ElasticClients} allows. */
  public static boolean isTooLarge(@Nullable Throwable failure) {
    return failure != null
        && (failure instanceof ContentTooLongException || isTooLarge(failure.getCause()));
  }

  /** Why there is no answer, without the addresses that such messages like to tell. */
  public static String noAnswer(Throwable cause) {
    return cause instanceof SocketTimeoutException
        ? "the store did not answer in time"
        : "the store cannot be reached (" + cause.getClass().getSimpleName() + ")";
  }

  public static StoreUnavailable unavailable(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return cause instanceof StoreUnavailable known
        ? known
        : new StoreUnavailable(noAnswer(cause), cause);
  }
}
