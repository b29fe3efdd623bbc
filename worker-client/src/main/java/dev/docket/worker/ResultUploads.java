package dev.docket.worker;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.docket.wire.ReportItem;
import dev.docket.wire.ReportItem.NewResult;
import dev.docket.wire.ResultUpload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Uploads the payloads that are too large for the report of a run's end, one after the other. After
 * a lost connection or an error of the server an upload continues after a backoff, from what the
 * server has kept, until the server accepts or rejects the payload. Thread-safe.
 */
final class ResultUploads {

  private static final Logger LOG = LoggerFactory.getLogger(ResultUploads.class);

  /** A slower upload times out and continues in another request. */
  private static final int MIN_BYTES_PER_SECOND = 128 * 1024;

  private final ServerClient server;
  private final WorkerTimeouts timeouts;

  ResultUploads(ServerClient server, WorkerTimeouts timeouts) {
    this.server = server;
    this.timeouts = timeouts;
  }

  /**
   * Uploads the large payloads of a run, on the calling thread. An interrupt ends the upload.
   *
   * @return the outcome to report: the success, which now names the uploaded payloads, or 500 with
   *     the reason if the server rejects a payload. Empty if the run is lost
   */
  Optional<Outcome> upload(RunItems items, Outcome.Success success) throws InterruptedException {
    List<NewResult> results = new ArrayList<>(success.results());
    for (int n : tooLarge(results)) {
      NewResult result = results.get(n);
      byte[] payload = json(result);
      ServerResponse decision = upload(items, n, payload);
      if (decision.isRunLost()) {
        return Optional.empty();
      }
      if (!decision.isOk()) {
        String reason = decision.errorDetail();
        LOG.warn(
            "The server rejected result {} of task {}; ending it with 500: {}",
            n + 1,
            items.run().task(),
            reason);
        return Optional.of(Outcome.error("the server rejected result " + (n + 1) + ": " + reason));
      }
      results.set(n, new NewResult(null, result.generator(), (long) payload.length));
    }
    return Optional.of(new Outcome.Success(success.message(), results));
  }

  /** The indexes of the largest results, without which the others fit into one report. */
  private static List<Integer> tooLarge(List<NewResult> results) {
    int[] sizes = results.stream().mapToInt(result -> json(result).length).toArray();
    long inlineSize = IntStream.of(sizes).asLongStream().sum();
    List<Integer> uploaded = new ArrayList<>();
    if (inlineSize <= ReportItem.MAX_RESULTS_BYTES) {
      return uploaded;
    }
    List<Integer> largestFirst =
        IntStream.range(0, sizes.length)
            .boxed()
            .sorted(Comparator.comparingInt((Integer n) -> sizes[n]).reversed())
            .toList();
    for (int n : largestFirst) {
      if (inlineSize <= ReportItem.MAX_RESULTS_BYTES) {
        break;
      }
      uploaded.add(n);
      inlineSize -= sizes[n];
    }
    return uploaded;
  }

  private static byte[] json(NewResult result) {
    try {
      return WireJson.write(result.payload());
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("HandlerCall has checked that the payload can be written", e);
    }
  }

  /** Uploads a payload until the server has accepted or rejected it, and returns that response. */
  private ServerResponse upload(RunItems items, int n, byte[] payload) throws InterruptedException {
    String task = items.run().task();
    LOG.debug("Uploading result {} of task {}: {} bytes", n + 1, task, payload.length);
    Backoff backoff = new Backoff(timeouts.initialBackoff(), timeouts.maxBackoff());
    int offset = 0;
    boolean offsetKnown = true;
    while (true) {
      Duration wait;
      try {
        ServerResponse response =
            offsetKnown ? put(items, n, payload, offset) : askOffset(items, n);
        if (!offsetKnown && response.isOk()) {
          long kept = response.uploadOffset().orElse(0);
          if (kept > offset) {
            backoff.reset();
          }
          offset = (int) Math.max(0, Math.min(kept, payload.length));
          offsetKnown = true;
          continue;
        }
        if (response.isOk() || response.isRejected() || response.isRunLost()) {
          return response;
        }
        wait = delay(response, backoff);
      } catch (IOException e) {
        wait = backoff.next();
        LOG.debug("An upload of task {} failed; continuing it after a backoff", task, e);
      }
      offsetKnown = false;
      TimeUnit.NANOSECONDS.sleep(wait.toNanos());
    }
  }

  private ServerResponse put(RunItems items, int n, byte[] payload, int offset)
      throws IOException, InterruptedException {
    int length = payload.length - offset;
    Map<String, String> headers = new HashMap<>(headers(items));
    headers.put(ResultUpload.OFFSET_HEADER, String.valueOf(offset));
    return server.upload(
        "PUT",
        ResultUpload.path(items.run().task(), n),
        headers,
        BodyPublishers.ofByteArray(payload, offset, length),
        timeouts.callTimeout().plusSeconds(length / MIN_BYTES_PER_SECOND));
  }

  private ServerResponse askOffset(RunItems items, int n) throws IOException, InterruptedException {
    return server.upload(
        "HEAD",
        ResultUpload.path(items.run().task(), n),
        headers(items),
        BodyPublishers.noBody(),
        timeouts.callTimeout());
  }

  private static Map<String, String> headers(RunItems items) {
    return Map.of(
        ResultUpload.ATTEMPT_HEADER, String.valueOf(items.run().attempt()),
        ResultUpload.RUN_HEADER, items.run().run(),
        ResultUpload.CLAIM_HEADER, items.claimId());
  }

  private Duration delay(ServerResponse response, Backoff backoff) {
    if (response.isConfigurationError()) {
      return timeouts.configurationErrorDelay();
    }
    Duration wait = backoff.next();
    Duration requested = response.retryAfter(Instant.now()).orElse(Duration.ZERO);
    return wait.compareTo(requested) > 0 ? wait : requested;
  }
}
