package dev.docket.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a worker says. {@code POST /worker/report} takes an array of up to {@value
 * #MAX_ITEMS} of them and answers with as many {@link ReportAnswer}s, in the same order. Every item
 * about a task names the run it is about; one of an older run is refused.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = ReportItem.Hello.class, name = "hello"),
  @JsonSubTypes.Type(value = ReportItem.Claim.class, name = "claim"),
  @JsonSubTypes.Type(value = ReportItem.Started.class, name = "started"),
  @JsonSubTypes.Type(value = ReportItem.Progress.class, name = "progress"),
  @JsonSubTypes.Type(value = ReportItem.Heartbeat.class, name = "heartbeat"),
  @JsonSubTypes.Type(value = ReportItem.Complete.class, name = "complete"),
  @JsonSubTypes.Type(value = ReportItem.GiveBack.class, name = "give_back"),
  @JsonSubTypes.Type(value = ReportItem.Log.class, name = "log"),
})
@JsonInclude(JsonInclude.Include.NON_NULL)
public sealed interface ReportItem {

  /** The most items in one report. */
  int MAX_ITEMS = 1000;

  /** The most results in one {@link Complete}. */
  int MAX_RESULTS = 100;

  /** The most bytes of one result's payload, as JSON in UTF-8: 256 KiB. */
  int MAX_PAYLOAD_BYTES = 256 * 1024;

  /** The most bytes of all payloads of one {@link Complete}: 1 MiB. */
  int MAX_RESULTS_BYTES = 1024 * 1024;

  /** The worker's name, the same in all of its reports; at most 256 characters. */
  String worker();

  /** An item about a run of a task. */
  sealed interface OfTask extends ReportItem {
    String task();

    int attempt();

    String run();
  }

  /**
   * Who the worker is. Sent at its start and every few seconds; a worker that has been silent for a
   * minute is no longer listed.
   *
   * @param keys the task keys it works on
   * @param types the target types it works on; empty for all
   * @param running how many tasks it has under way
   */
  record Hello(
      String worker,
      @Nullable String host,
      @Nullable String version,
      List<String> keys,
      List<String> types,
      int concurrency,
      int running)
      implements ReportItem {}

  /**
   * Asks for the lease of a run.
   *
   * @param claimId made by the worker for each delivery of a message; the same one is granted again
   *     while it holds the lease, so an answer that got lost does no harm
   */
  record Claim(
      String worker, String task, int attempt, String run, @JsonProperty("claim_id") String claimId)
      implements OfTask {}

  /** The handler has begun: from here the task's timeout counts. */
  record Started(
      String worker, String task, int attempt, String run, @JsonProperty("claim_id") String claimId)
      implements OfTask {}

  /**
   * How far it is. Extends the lease too.
   *
   * @param progress percent, 0 to 100
   * @param stage a word for what is being done, as {@code storing}
   */
  record Progress(
      String worker,
      String task,
      int attempt,
      String run,
      @JsonProperty("claim_id") String claimId,
      @Nullable Integer progress,
      @Nullable String stage,
      @Nullable String message)
      implements OfTask {}

  /** The worker is alive and still at it. */
  record Heartbeat(
      String worker, String task, int attempt, String run, @JsonProperty("claim_id") String claimId)
      implements OfTask {}

  /**
   * The run has ended. Repeat it until it is answered with 200 or refused with a 4xx.
   *
   * @param state 200, or what went wrong: 400 403 404 500 (ends the task), 502 503 (again after a
   *     back-off), 412 (other tasks are needed first), 499 (stopped as asked)
   * @param message for people
   * @param results only with 200
   * @param dependencies only with 412: the tasks that are needed
   */
  record Complete(
      String worker,
      String task,
      int attempt,
      String run,
      @JsonProperty("claim_id") @Nullable String claimId,
      int state,
      @Nullable String message,
      @Nullable List<NewResult> results,
      @Nullable List<NeededTask> dependencies)
      implements OfTask {}

  /** The worker cannot do it now; the task goes to another. No failure. */
  record GiveBack(
      String worker,
      String task,
      int attempt,
      String run,
      @JsonProperty("claim_id") String claimId,
      @Nullable String message)
      implements OfTask {}

  /** A line for the server's log, with the task's id. Not kept in the task. */
  record Log(
      String worker, String task, int attempt, String run, @Nullable String level, String message)
      implements OfTask {}

  /**
   * A result that a worker hands in.
   *
   * @param payload any JSON value
   * @param generator who made it: {@code id}, {@code type}, {@code name}, {@code homepage}
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record NewResult(JsonNode payload, @Nullable Map<String, String> generator) {}

  /** A task of the same document that must end well first; made if it is not there. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record NeededTask(String key, @Nullable Map<String, Object> args) {}
}
