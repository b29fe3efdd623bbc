package dev.docket.workerapi;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.http.InvalidRequest;
import dev.docket.http.PayloadTooLarge;
import dev.docket.http.Problem;
import dev.docket.http.RequestBodyReader;
import dev.docket.http.batch.BatchItem;
import dev.docket.wire.ReportItem;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads report items, and validates what their types do not express. */
final class ReportItemReader {

  private static final int MAX_NAME_LENGTH = 256;
  private static final int MAX_NAMES = 1000;
  private static final int MAX_SLOTS = 100_000;
  private static final int MAX_MESSAGE_LENGTH = 64 * 1024;
  private static final long MAX_LINE_NUMBER = 1_000_000_000_000L;

  private final RequestBodyReader bodies;

  ReportItemReader(RequestBodyReader bodies) {
    this.bodies = bodies;
  }

  /**
   * Reads an item.
   *
   * @throws Problem if a field is invalid or there are too many results
   */
  ReportItem read(JsonNode node) {
    return validated(bodies.read(node, ReportItem.class));
  }

  /** Reads an item of a batch. */
  ReportItem read(BatchItem item) {
    return validated(item.read(bodies, ReportItem.class));
  }

  private static ReportItem validated(ReportItem item) {
    requireName("/worker", item.worker());
    if (item instanceof ReportItem.OfTask ofTask) {
      requireName("/task", ofTask.task());
      requireName("/run", ofTask.run());
      if (ofTask.attempt() < 1) {
        throw InvalidRequest.field("/attempt", "must be at least 1 (was " + ofTask.attempt() + ")");
      }
    }
    if (item instanceof ReportItem.Claim claim) {
      requireName("/claim_id", claim.claimId());
      InstanceIds.requireValid("/instance", claim.instance());
    } else if (item instanceof ReportItem.Started started) {
      requireDuration("/waited_ms", started.waitedMs());
    } else if (item instanceof ReportItem.Heartbeat heartbeat) {
      requireName("/claim_id", heartbeat.claimId());
    } else if (item instanceof ReportItem.Progress progress) {
      validate(progress);
    } else if (item instanceof ReportItem.Complete complete) {
      validate(complete);
    } else if (item instanceof ReportItem.Log log) {
      validate(log);
    } else if (item instanceof ReportItem.Hello hello) {
      validate(hello);
    }
    return item;
  }

  /** The server remembers what a worker says about itself. */
  private static void validate(ReportItem.Hello item) {
    @Nullable List<String> keys = item.keys();
    if (keys == null) {
      throw InvalidRequest.field("/keys", "must have 0 to " + MAX_NAMES + " items");
    }
    InvalidRequest.requireBetween("/concurrency", item.concurrency(), 0, MAX_SLOTS);
    InvalidRequest.requireBetween("/running", item.running(), 0, MAX_SLOTS);
    requireShort("/host", item.host());
    requireShort("/version", item.version());
    requireShort("/keys", keys);
    requireShort("/types", item.types());
    InstanceIds.requireValid("/instance", item.instance());
    InstanceIds.requireValid("/replaces", item.replaces());
    if (item.replaces() != null && item.instance() == null) {
      throw InvalidRequest.field("/replaces", "must be omitted without instance");
    }
    if (item.replaces() != null && item.replaces().equals(item.instance())) {
      throw InvalidRequest.field("/replaces", "must differ from instance");
    }
  }

  private static void requireShort(String pointer, @Nullable List<String> names) {
    if (names == null) {
      return;
    }
    if (names.size() > MAX_NAMES) {
      throw InvalidRequest.field(
          pointer, "must have at most " + MAX_NAMES + " items (was " + names.size() + ")");
    }
    for (int i = 0; i < names.size(); i++) {
      requireShort(pointer + "/" + i, names.get(i));
    }
  }

  private static void requireShort(String pointer, @Nullable String text) {
    if (text != null && text.length() > MAX_NAME_LENGTH) {
      throw InvalidRequest.field(pointer, "must be at most " + MAX_NAME_LENGTH + " characters");
    }
  }

  private static void validate(ReportItem.Progress item) {
    Integer percent = item.progress();
    if (percent != null) {
      InvalidRequest.requireBetween("/progress", percent, 0, 100);
    }
    requireShort("/stage", item.stage());
    requireValidMessage(item.message());
  }

  private static void validate(ReportItem.Complete item) {
    requireValidMessage(item.message());
    requireDuration("/waited_ms", item.waitedMs());
    requireDuration("/run_ms", item.runMs());
    List<ReportItem.NewResult> results = item.results();
    if (results == null) {
      return;
    }
    if (item.state() != 200 && !results.isEmpty()) {
      throw InvalidRequest.field("/results", "must be empty unless the state is 200");
    }
    if (results.size() > ReportItem.MAX_RESULTS) {
      throw new PayloadTooLarge(
          "results must have at most "
              + ReportItem.MAX_RESULTS
              + " items (was "
              + results.size()
              + ")");
    }
    for (int i = 0; i < results.size(); i++) {
      validate("/results/" + i, results.get(i));
    }
  }

  /** The sizes are checked where lines are stored. */
  private static void validate(ReportItem.Log item) {
    requireValidMessage(item.message());
    if ((item.lines() == null) == (item.message() == null)) {
      throw InvalidRequest.field("", "must have either lines or message");
    }
    if (item.claimId() != null) {
      requireName("/claim_id", item.claimId());
    }
    Long first = item.first();
    if (first != null) {
      InvalidRequest.requireBetween("/first", first, 0, MAX_LINE_NUMBER);
      if (item.claimId() == null) {
        throw InvalidRequest.field("/first", "must be omitted without claim_id");
      }
    }
  }

  /** The sizes are checked where payloads are stored. */
  private static void validate(String pointer, ReportItem.NewResult result) {
    Long uploaded = result.uploaded();
    Map<String, String> generator = result.generator();
    if (generator != null && generator.containsValue(null)) {
      throw InvalidRequest.field(pointer + "/generator", "must have only strings");
    }
    if (result.payload() == null && uploaded == null) {
      throw InvalidRequest.field(pointer + "/payload", "is required unless it was uploaded");
    }
    if (result.payload() != null && uploaded != null) {
      throw InvalidRequest.field(pointer + "/uploaded", "cannot be combined with a payload");
    }
    if (uploaded != null && uploaded < 1) {
      throw InvalidRequest.field(
          pointer + "/uploaded", "must be at least 1 (was " + uploaded + ")");
    }
  }

  private static void requireValidMessage(@Nullable String message) {
    if (message != null && message.length() > MAX_MESSAGE_LENGTH) {
      throw InvalidRequest.field(
          "/message", "must be at most " + MAX_MESSAGE_LENGTH + " characters");
    }
  }

  private static void requireDuration(String pointer, @Nullable Long millis) {
    if (millis != null && millis < 0) {
      throw InvalidRequest.field(pointer, "must be at least 0 (was " + millis + ")");
    }
  }

  private static void requireName(String pointer, @Nullable String name) {
    if (name == null || name.isEmpty() || name.length() > MAX_NAME_LENGTH) {
      throw InvalidRequest.field(pointer, "must be 1 to " + MAX_NAME_LENGTH + " characters");
    }
  }
}
