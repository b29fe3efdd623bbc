package dev.docket.workerapi;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.http.InvalidRequest;
import dev.docket.http.PayloadTooLarge;
import dev.docket.http.Problem;
import dev.docket.http.RequestBodyReader;
import dev.docket.http.batch.BatchItem;
import dev.docket.wire.ReportItem;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads report items and checks what their types cannot say. */
final class ReportItemReader {

  private static final int MAX_NAME_LENGTH = 256;
  private static final int MAX_MESSAGE_LENGTH = 64 * 1024;

  private final RequestBodyReader bodies;

  ReportItemReader(RequestBodyReader bodies) {
    this.bodies = bodies;
  }

  /**
   * Reads an item.
   *
   * @throws Problem naming the field, or saying that there are too many results
   */
  ReportItem read(JsonNode node) {
    return checked(bodies.read(node, ReportItem.class));
  }

  /** The same, from the text that was sent. */
  ReportItem read(BatchItem sent) {
    return checked(sent.read(bodies, ReportItem.class));
  }

  private static ReportItem checked(ReportItem item) {
    name("/worker", item.worker());
    if (item instanceof ReportItem.OfTask ofTask) {
      name("/task", ofTask.task());
      name("/run", ofTask.run());
      if (ofTask.attempt() < 1) {
        throw InvalidRequest.field("/attempt", "must be 1 or more");
      }
    }
    if (item instanceof ReportItem.Claim claim) {
      name("/claim_id", claim.claimId());
    } else if (item instanceof ReportItem.Heartbeat beat) {
      name("/claim_id", beat.claimId());
    } else if (item instanceof ReportItem.Progress progress) {
      progress(progress);
    } else if (item instanceof ReportItem.Complete complete) {
      complete(complete);
    } else if (item instanceof ReportItem.Log log) {
      message(log.message());
    } else if (item instanceof ReportItem.Hello hello && hello.keys().size() > 1000) {
      throw InvalidRequest.field("/keys", "must be at most 1000");
    }
    return item;
  }

  private static void progress(ReportItem.Progress item) {
    Integer percent = item.progress();
    if (percent != null && (percent < 0 || percent > 100)) {
      throw InvalidRequest.field("/progress", "must be 0 to 100");
    }
    String stage = item.stage();
    if (stage != null && stage.length() > MAX_NAME_LENGTH) {
      throw InvalidRequest.field("/stage", "must be at most " + MAX_NAME_LENGTH + " characters");
    }
    message(item.message());
  }

  private static void complete(ReportItem.Complete item) {
    message(item.message());
    List<ReportItem.NewResult> results = item.results();
    if (results == null) {
      return;
    }
    if (item.state() != 200 && !results.isEmpty()) {
      throw InvalidRequest.field("/results", "only with state 200");
    }
    if (results.size() > ReportItem.MAX_RESULTS) {
      throw new PayloadTooLarge("results: must be at most " + ReportItem.MAX_RESULTS);
    }
    long all = 0;
    for (int i = 0; i < results.size(); i++) {
      JsonNode payload = results.get(i).payload();
      if (payload == null) {
        throw InvalidRequest.field("/results/" + i + "/payload", "must be there");
      }
      int size = payload.toString().getBytes(StandardCharsets.UTF_8).length;
      if (size > ReportItem.MAX_PAYLOAD_BYTES) {
        throw new PayloadTooLarge(
            "results/"
                + i
                + "/payload: must be at most "
                + ReportItem.MAX_PAYLOAD_BYTES
                + " bytes");
      }
      all += size;
    }
    if (all > ReportItem.MAX_RESULTS_BYTES) {
      throw new PayloadTooLarge(
          "results: must be at most " + ReportItem.MAX_RESULTS_BYTES + " bytes in all");
    }
  }

  private static void message(@Nullable String text) {
    if (text != null && text.length() > MAX_MESSAGE_LENGTH) {
      throw InvalidRequest.field(
          "/message", "must be at most " + MAX_MESSAGE_LENGTH + " characters");
    }
  }

  private static void name(String field, @Nullable String text) {
    if (text == null || text.isEmpty() || text.length() > MAX_NAME_LENGTH) {
      throw InvalidRequest.field(field, "must be 1 to " + MAX_NAME_LENGTH + " characters");
    }
  }
}
