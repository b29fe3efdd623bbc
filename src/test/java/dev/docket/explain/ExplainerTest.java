package dev.docket.explain;

import static dev.docket.explain.ExplainScenario.created;
import static dev.docket.explain.ExplainScenario.delayed;
import static dev.docket.explain.ExplainScenario.dependingOn;
import static dev.docket.explain.ExplainScenario.manual;
import static dev.docket.explain.ExplainScenario.queue;
import static dev.docket.explain.ExplainScenario.queued;
import static dev.docket.explain.ExplainScenario.running;
import static dev.docket.explain.ExplainScenario.withoutLeases;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.docket.apidocs.ApiDescription;
import dev.docket.broker.Census;
import dev.docket.document.TargetType;
import dev.docket.server.HttpJson;
import dev.docket.task.KeyLimits;
import dev.docket.task.OnDependencyFailure;
import dev.docket.task.Rate;
import dev.docket.task.RunRef;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskState;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Effect;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class ExplainerTest {

  private static final Census.Queue BUSY = queue(TargetType.VIDEO, "ASR", 12, 2, 2);
  private static final Census.Queue NO_CONSUMERS = queue(TargetType.VIDEO, "ASR", 12, 0, 0);
  private static final Census.Queue EMPTY = queue(TargetType.VIDEO, "ASR", 0, 0, 1);

  static Stream<Arguments> scenarios() {
    return Stream.of(
        arguments(
            "being published",
            created().after(1),
            "The server has been publishing the task's message since 2026-03-01T10:00:00Z.",
            "on_its_way"),
        arguments(
            "not confirmed for longer than usual",
            created().after(10),
            "The server has been publishing the task's message since 2026-03-01T10:00:00Z, which"
                + " usually takes less than a second; if the broker does not confirm it by"
                + " 2026-03-01T10:00:30Z, the overdue sweep publishes it again.",
            "on_its_way"),
        arguments(
            "overdue",
            created().after(40),
            "The server has been publishing the task's message since 2026-03-01T10:00:00Z, which"
                + " usually takes less than a second; the overdue sweep publishes it again.",
            "on_its_way"),
        arguments(
            "broker unreachable",
            created().after(40).brokerUnreachable("connection refused"),
            "The server cannot use the broker: connection refused. It publishes all pending tasks"
                + " when the broker is available again.",
            "broker_unreachable on_its_way"),
        arguments(
            "mass reset",
            queued().execute(new Command.MassReset("ann")).after(1),
            "The server has been publishing the task's message since 2026-03-01T10:00:00Z.",
            "on_its_way"),
        arguments(
            "delayed",
            delayed(ExplainScenario.START.plusSeconds(600)),
            "The task is delayed: the server publishes it at 2026-03-01T10:10:00Z, in 10 minutes.",
            "not_before"),
        arguments(
            "paused",
            created()
                .limits(new KeyLimits(KeyLimits.Hold.PAUSED, null, null))
                .execute(new Command.ForceRetry("ann")),
            "The task waits for its turn: the key is paused (limits of key ASR). The task has waited"
                + " since 2026-03-01T10:00:00Z.",
            "limited"),
        arguments(
            "limited",
            created()
                .limits(new KeyLimits(null, 3, Rate.parse("90/m")))
                .execute(new Command.ForceRetry("ann")),
            "The task waits for its turn: workers get at most 3 of its tasks at the same time, and"
                + " at most 90/m of its tasks (limits of key ASR). The task has waited since"
                + " 2026-03-01T10:00:00Z.",
            "limited"),
        arguments(
            "limited until now",
            created()
                .limits(new KeyLimits(null, 3, null))
                .execute(new Command.ForceRetry("ann"))
                .limits(KeyLimits.NONE),
            "The key has no limits any more; the server hands the task out in a moment. The task has"
                + " waited since 2026-03-01T10:00:00Z.",
            "limited"),
        arguments(
            "queued before its key was paused",
            queued().limits(new KeyLimits(KeyLimits.Hold.SERVICE_SLEEPING, null, null)),
            "No task of key ASR is handed out, because the service of the key is sleeping.",
            "limited queued census_unknown unanswered_after"),
        arguments(
            "due but not published",
            delayed(ExplainScenario.START.plusSeconds(600)).after(601),
            "The task has been due since 2026-03-01T10:10:00Z, but no server has published it yet;"
                + " the overdue sweep publishes it.",
            "on_its_way"),
        arguments(
            "retry",
            queued().failedOnce().after(3),
            "The server retries the task at 2026-03-01T10:00:10Z, in 7 seconds, after failure 1 of"
                + " 3: 503: no GPU.",
            "retry"),
        arguments(
            "retry after a lost lease",
            running().execute(new Command.LeaseLost()),
            "The server retries the task at 2026-03-01T10:00:12Z, in 10 seconds, after failure 1 of"
                + " 3: 500: worker lost: no report from asr-3.",
            "retry"),
        arguments(
            "given back",
            running().giveBack(),
            "A worker returned the task without executing it: shutting down. This does not count as"
                + " a failure. The server publishes the task again at 2026-03-01T10:00:03Z, in 1"
                + " second.",
            "given_back"),
        arguments(
            "granted by a poll and taken back",
            queued().takenBack(),
            "The server took the task back from a worker: no report from worker asr-3 within 5 s of"
                + " the claim. This alone does not count as a failure. The server publishes the task"
                + " again at 2026-03-01T10:00:01Z, in 1 second.",
            "given_back unreported"),
        arguments(
            "taken back after a failure",
            queued().failedOnce().confirm().takenBack(),
            "The server took the task back from a worker: no report from worker asr-3 within 5 s of"
                + " the claim. This alone does not count as a failure. The server publishes the task"
                + " again at 2026-03-01T10:00:01Z, in 1 second.",
            "given_back unreported"),
        arguments(
            "taken back for the third time",
            queued().takenBack().confirm().takenBack().confirm().takenBack(),
            "The server retries the task at 2026-03-01T10:00:10Z, in 10 seconds, after failure 1 of"
                + " 3: 500: no report from worker asr-3 within 5 s of the claim, 3 times in a row.",
            "retry"),
        arguments(
            "granted to a client that had disconnected",
            queued().grant(5).undelivered(),
            "A poll granted the task, but the worker disconnected before it received the task. This"
                + " does not count as a failure. The server publishes the task again at"
                + " 2026-03-01T10:00:01Z, in 1 second.",
            "given_back"),
        arguments(
            "no queue, no statistics",
            created().unroutable().withoutStatistics("not configured"),
            "No queue has been bound for Video.ASR since 2026-03-01T10:00:00Z. Start a worker for"
                + " key ASR and type Video; the server publishes the task when a queue is bound.",
            "no_queue census_unknown"),
        arguments(
            "no queue for the key",
            created().unroutable().queues(queue(TargetType.VIDEO, "OCR", 0, 0, 1)),
            "No queue has been bound for Video.ASR since 2026-03-01T10:00:00Z, and none for any"
                + " type of key ASR. Start a worker for key ASR and type Video; the server"
                + " publishes the task when a queue is bound.",
            "no_queue"),
        arguments(
            "queue for another type",
            created().unroutable().queues(queue(TargetType.SOUND, "ASR", 3, 0, 1)),
            "No queue has been bound for Video.ASR since 2026-03-01T10:00:00Z. Start a worker for"
                + " key ASR and type Video; the server publishes the task when a queue is bound.",
            "no_queue other_queue"),
        arguments(
            "queue just bound",
            created().unroutable().queues(BUSY),
            "No queue was bound for Video.ASR when the server published the task, but queue"
                + " docket.v1.ASR.Video is bound now; the server publishes the task again within"
                + " seconds.",
            "no_queue"),
        arguments(
            "queued",
            queued().after(20).queues(BUSY).position(12),
            "The task is waiting in queue docket.v1.ASR.Video (2 consumers) with about 12 tasks"
                + " ahead of it.",
            "queued queue unanswered_after"),
        arguments(
            "queued, with an estimate",
            queued().after(20).queues(BUSY).position(12, 50_000L, 60_000L, 70_000L),
            "The task is waiting in queue docket.v1.ASR.Video (2 consumers) with about 12 tasks"
                + " ahead of it. Estimated wait: 6 minutes, if each slot runs one task at a"
                + " time and a run takes 60 seconds (average of the last 3 runs).",
            "queued queue unanswered_after"),
        arguments(
            "no consumer",
            queued().after(20).queues(NO_CONSUMERS).position(11, 1L, 1L, 1L),
            "No worker is connected: queue docket.v1.ASR.Video has 12 messages and no consumers.",
            "no_consumer queue unanswered_after"),
        arguments(
            "all workers busy",
            queued().after(20).queues(NO_CONSUMERS).position(11).workers(3, 8, 8),
            "All 3 workers for Video.ASR are busy (8 of 8 slots taken). The task is queued with about"
                + " 11 tasks ahead of it.",
            "workers_busy queue unanswered_after"),
        arguments(
            "the only worker busy",
            queued().after(20).queues(NO_CONSUMERS).position(0).workers(1, null, 1),
            "The only worker for Video.ASR is busy (1 task running). The task is queued with no tasks"
                + " ahead of it.",
            "workers_busy queue unanswered_after"),
        arguments(
            "busy, with an estimate by slots",
            queued()
                .after(20)
                .queues(NO_CONSUMERS)
                .position(16, 60_000L, 60_000L, 60_000L)
                .workers(2, 8, 8),
            "All 2 workers for Video.ASR are busy (8 of 8 slots taken). The task is queued with about"
                + " 16 tasks ahead of it. Estimated wait: 2 minutes, if each slot runs one task at a"
                + " time and a run takes 60 seconds (average of the last 3 runs).",
            "workers_busy queue unanswered_after"),
        arguments(
            "workers that stopped a moment ago",
            queued().after(20).queues(NO_CONSUMERS).position(0).workers(1, 4, 0),
            "No worker takes messages: queue docket.v1.ASR.Video has 12 messages and no consumers. 1"
                + " worker for Video.ASR reported recently, last at 2026-03-01T10:00:16Z (0 of 4 slots"
                + " taken), but may have stopped or lost the connection to the broker.",
            "no_consumer queue unanswered_after"),
        arguments(
            "queued, with workers",
            queued().after(20).queues(BUSY).position(12).workers(2, 8, 5),
            "The task is waiting in queue docket.v1.ASR.Video (2 consumers; 2 workers, 5 of 8 slots"
                + " taken) with about 12 tasks ahead of it.",
            "queued queue unanswered_after"),
        arguments(
            "message missing",
            queued().after(20).queues(EMPTY).position(0),
            "The broker accepted the task's message at 2026-03-01T10:00:00Z, but its queues for"
                + " Video.ASR are empty: the message is lost, or a worker has just received it. If"
                + " it is lost, the census sweep detects that and the server publishes it again.",
            "message_missing queue unanswered_after"),
        arguments(
            "message dropped by a policy",
            queued()
                .after(20)
                .queues(ExplainScenario.limited(EMPTY, "message-ttl", "60000"))
                .position(0),
            "Queue docket.v1.ASR.Video drops messages that wait for 60 seconds: message-ttl 60000"
                + " (policy \"p\"). The server publishes dropped messages again; remove the limit"
                + " to avoid that.",
            "queue_drops message_missing queue unanswered_after"),
        arguments(
            "queued in a queue that drops messages",
            queued()
                .after(20)
                .queues(ExplainScenario.limited(BUSY, "max-length", "9"))
                .position(12),
            "The task is waiting in queue docket.v1.ASR.Video (2 consumers) with about 12 tasks"
                + " ahead of it.",
            "queued queue queue_drops unanswered_after"),
        arguments(
            "queue that rejects messages",
            created()
                .after(40)
                .queues(
                    ExplainScenario.limited(
                        NO_CONSUMERS, "max-length", "1", "overflow", "reject-publish")),
            "Queue docket.v1.ASR.Video is full and rejects further messages: it has 12 messages"
                + " ready, with max-length 1 (policy \"p\") and overflow reject-publish (policy"
                + " \"p\"). The server publishes the task again until the queue accepts it.",
            "queue_rejects on_its_way"),
        arguments(
            "broker that rejected a message, for unknown reasons",
            created().after(40).queuesAfterRejection(ExplainScenario.START),
            "The broker rejected the latest message for Video.ASR at 2026-03-01T10:00:00Z: one of"
                + " its queues is full and rejects further messages (overflow reject-publish), or"
                + " the broker could not store it. The server publishes the task again.",
            "queue_rejects on_its_way"),
        arguments(
            "too early to report it missing",
            queued().after(5).queues(EMPTY).position(0),
            "The task is waiting in queue docket.v1.ASR.Video (1 consumer) with no tasks ahead of"
                + " it.",
            "queued queue unanswered_after"),
        arguments(
            "queue deleted",
            queued().after(20).queues().position(0),
            "The broker accepted the task's message at 2026-03-01T10:00:00Z, but no queue is bound"
                + " for Video.ASR now: the queue was deleted with the message, or is just being"
                + " declared. If it is lost, the census sweep detects that and the server publishes"
                + " it again.",
            "no_queue unanswered_after"),
        arguments(
            "no statistics",
            queued().after(20).withoutStatistics("not configured").position(3),
            "The task has been waiting for a worker of Video.ASR since 2026-03-01T10:00:00Z, with"
                + " about 3 tasks ahead of it.",
            "queued census_unknown unanswered_after"),
        arguments(
            "no statistics and no searches",
            queued().after(20).withoutStatistics("not configured").storeUnavailable("no response"),
            "The task has been waiting for a worker of Video.ASR since 2026-03-01T10:00:00Z.",
            "queued census_unknown unanswered_after store_unavailable"),
        arguments(
            "broker lost while queued",
            queued()
                .brokerUnreachable("connection lost")
                .withoutStatistics("no response")
                .position(0),
            "The server cannot use the broker: connection lost. It publishes all pending tasks when"
                + " the broker is available again.",
            "broker_unreachable queued census_unknown unanswered_after"),
        arguments(
            "published again",
            queued().after(20).execute(new Command.Redispatch()).after(1).queues(BUSY).position(0),
            "The server has been publishing the task's message since 2026-03-01T10:00:20Z.",
            "on_its_way queued queue unanswered_after"),
        arguments(
            "queued for a worker without leases",
            withoutLeases()
                .confirm()
                .after(20)
                .queues(queue("ASR", "#.ASR").with(0, 1, 1))
                .position(0),
            "The task is waiting in queue ASR (1 consumer) with no tasks ahead of it.",
            "queued queue foreign_worker unanswered_after"),
        arguments(
            "running on a worker without leases",
            withoutLeases().confirm().after(20).started().after(5),
            "According to its reports, a worker has been running the task since"
                + " 2026-03-01T10:00:20Z.",
            "begun foreign_worker run_limit unanswered_after"),
        arguments(
            "leased",
            running().after(5).progress(40, "decoding").after(7),
            "Worker asr-3 has been running the task since 2026-03-01T10:00:02Z, progress 40%"
                + " (decoding). Its last heartbeat or report was at 2026-03-01T10:00:07Z.",
            "leased run_limit"),
        arguments(
            "lease expired",
            running().after(70),
            "Worker asr-3 has been running the task since 2026-03-01T10:00:02Z. Its last heartbeat"
                + " or report was at 2026-03-01T10:00:02Z. The lease has expired; without a"
                + " heartbeat by about 2026-03-01T10:01:32Z the server considers the worker lost.",
            "lease_silent run_limit"),
        arguments(
            "lease expired for too long",
            running().after(100),
            "Worker asr-3 has been running the task since 2026-03-01T10:00:02Z. Its last heartbeat"
                + " or report was at 2026-03-01T10:00:02Z. The lease has expired; the server"
                + " considers the worker lost as soon as it has observed no heartbeat for 90"
                + " seconds.",
            "lease_silent run_limit"),
        arguments(
            "granted by a poll",
            queued().claim(true).after(3),
            "Worker asr-3 has been running the task since 2026-03-01T10:00:00Z. It received the"
                + " task from a poll and has sent no report yet. Without a report within 30 seconds"
                + " of the claim, the server takes the task back.",
            "leased run_limit"),
        arguments(
            "granted by a poll, and nearly taken back",
            queued().grant(5).after(6),
            "Worker asr-3 has been running the task since 2026-03-01T10:00:00Z. It received the"
                + " task from a poll and has sent no report yet. Without a report within 5 seconds"
                + " of the claim, the server takes the task back. The lease has expired; the server"
                + " considers the worker lost as soon as it has observed no heartbeat for 5"
                + " seconds.",
            "lease_silent run_limit"),
        arguments(
            "running after unreported grants",
            queued().takenBack().confirm().takenBack().confirm().grant(5),
            "Worker asr-3 has been running the task since 2026-03-01T10:00:00Z. It received the"
                + " task from a poll and has sent no report yet. Without a report within 5 seconds"
                + " of the claim, the server takes the task back.",
            "leased run_limit unreported"),
        arguments(
            "cancellation requested",
            running().after(5).execute(new Command.Cancel("ann")).after(5),
            "Cancellation was requested at 2026-03-01T10:00:07Z. The server asks asr-3 to stop in"
                + " each response, and is waiting for its confirmation.",
            "cancel_requested leased run_limit"),
        arguments(
            "waits for a person",
            manual().after(60),
            "The task waits for a person to claim it (POST /task/{id}/claim), since"
                + " 2026-03-01T10:00:00Z.",
            "waits_for_person"),
        arguments(
            "given back by a person",
            manual().claim(false).giveBack(),
            "The task waits for a person to claim it (POST /task/{id}/claim), since"
                + " 2026-03-01T10:00:00Z; last message: shutting down.",
            "waits_for_person"),
        arguments(
            "held by a person",
            manual().after(60).claim(false).after(9000),
            "asr-3 has held the task since 2026-03-01T10:01:00Z. The claim does not expire; POST"
                + " /task/{id}/forceretry takes the task back.",
            "held_by_person"),
        arguments(
            "asked to stop, but held by a person",
            manual().claim(false).execute(new Command.Cancel("ann")).after(5),
            "Cancellation was requested at 2026-03-01T10:00:00Z. The server asks asr-3 to stop in"
                + " each response, and is waiting for its confirmation. To end the task"
                + " without it, reset the task and cancel it then.",
            "cancel_requested held_by_person"),
        arguments(
            "waits for an unfinished dependency",
            dependingOn(OnDependencyFailure.FAIL, "OCR").dependency("OCR"),
            "The task is waiting for 1 other task to succeed: OCR.",
            "waits_for dependency"),
        arguments(
            "waits for a dependency that has ended",
            dependingOn(OnDependencyFailure.FAIL, "OCR")
                .dependency("OCR", new Command.Cancel("ann")),
            "The task is waiting for 1 other task to succeed: OCR.",
            "waits_for dependency_ended"),
        arguments(
            "waits for a deleted dependency",
            dependingOn(OnDependencyFailure.FAIL, "OCR"),
            "The task is waiting for 1 other task to succeed: OCR.",
            "waits_for dependency_gone"),
        arguments(
            "waits despite a failed dependency",
            dependingOn(OnDependencyFailure.WAIT, "OCR", "LANG")
                .dependency("OCR", new Command.Cancel("ann"))
                .dependency("LANG")
                .notified("OCR", TaskState.CANCELLED, 1),
            "The task is waiting for 2 other tasks to succeed: OCR, LANG.",
            "waits_for dependency_failed dependency"),
        arguments(
            "waits, and the store is unavailable",
            dependingOn(OnDependencyFailure.FAIL, "OCR").storeUnavailable("no response"),
            "The task is waiting for 1 other task to succeed: OCR.",
            "waits_for dependency store_unavailable"),
        arguments(
            "unnamed dependency",
            running()
                .fail(TaskState.UNFINISHED_DEPENDENCY, "shots")
                .effectsDone()
                .dependency("OCR"),
            "The worker reported an unfinished dependency without naming it. The task is waiting"
                + " for any other task of its document to succeed; it runs again at"
                + " 2026-03-01T10:01:02Z in any case.",
            "any_success dependency"),
        arguments(
            "failed with its dependency",
            dependingOn(OnDependencyFailure.FAIL, "OCR")
                .dependency("OCR", new Command.Cancel("ann"))
                .notified("OCR", TaskState.CANCELLED, 1),
            "The task failed without running at 2026-03-01T10:00:00Z: dependency OCR ended"
                + " with 499 CANCELLED. It runs when the failed dependency is retried and"
                + " succeeds.",
            "failed_dependency dependency_failed"),
        arguments(
            "failed with a deleted dependency",
            dependingOn(OnDependencyFailure.FAIL, "OCR")
                .notified("OCR", TaskState.NOT_FOUND, Command.GONE_ATTEMPT),
            "The task failed without running at 2026-03-01T10:00:00Z: dependency OCR ended"
                + " with 404 NOT_FOUND. It runs when the failed dependency is retried and"
                + " succeeds.",
            "failed_dependency dependency_gone"),
        arguments(
            "succeeded",
            running().after(60).complete().after(100),
            "The task succeeded at 2026-03-01T10:01:02Z, after a run of 60 seconds, with 0"
                + " results.",
            "succeeded"),
        arguments(
            "failed permanently",
            running().fail(TaskState.NOT_FOUND, "no such film."),
            "The task failed permanently at 2026-03-01T10:00:02Z with 404 NOT_FOUND: no such film"
                + " (this kind of failure is not retried). Fix the cause, then retry the task.",
            "failed"),
        arguments(
            "attempts exhausted",
            queued().failedOnce().failedOnce().failedOnce(),
            "The task failed permanently at 2026-03-01T10:00:00Z with 503 ERROR_PROXY: no GPU"
                + " (failure 3 of 3). Fix the cause, then retry the task.",
            "failed"),
        arguments(
            "cancelled",
            queued().execute(new Command.Cancel("ann")),
            "The task was cancelled at 2026-03-01T10:00:00Z.",
            "cancelled"),
        arguments(
            "protocol not configured",
            queued().withoutProtocol(),
            "The task's worker protocol, docket, is not configured on this server, so the server"
                + " does not process the task.",
            "courier_unknown queued census_unknown unanswered_after"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("scenarios")
  void summaryIsTextOfFirstFinding(
      String name, ExplainScenario scenario, String summary, String kinds) {
    Explanation explanation = scenario.explain();
    assertThat(explanation.summary()).isEqualTo(summary);
    assertThat(explanation.summary()).isEqualTo(explanation.findings().get(0).text());
    assertThat(explanation.findings())
        .extracting(finding -> finding.kind().label())
        .containsExactly(kinds.split(" "));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("scenarios")
  void revealsNoTokenOrClaimId(String name, ExplainScenario scenario, String summary, String kinds)
      throws Exception {
    String json = HttpJson.mapper().writeValueAsString(scenario.explain());
    assertThat(json)
        .doesNotContain(scenario.task.run().token())
        .doesNotContain(ExplainScenario.CLAIM);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("scenarios")
  void listsEachPendingEffect(String name, ExplainScenario scenario, String summary, String kinds) {
    long effects =
        scenario.task.outbox().stream()
            .filter(p -> !(p.effect() instanceof Effect.Publish))
            .count();
    assertThat(
            scenario.explain().findings().stream()
                .filter(finding -> finding.kind().label().startsWith("effect_")))
        .hasSize((int) effects);
  }

  @Test
  void reportsPendingThenOverdueEffect() {
    ExplainScenario scenario = running().execute(new Command.AddDependent(new TaskId("x")));
    scenario.complete().after(10);
    assertThat(last(scenario).kind()).isEqualTo(Finding.Kind.EFFECT_PENDING);
    assertThat(last(scenario).text())
        .isEqualTo(
            "An effect is in progress: notifying the tasks that depend on it. If it is not done by"
                + " 2026-03-01T10:00:32Z, the overdue sweep performs it.");
    scenario.after(30);
    assertThat(last(scenario).kind()).isEqualTo(Finding.Kind.EFFECT_OVERDUE);
    assertThat(last(scenario).evidence())
        .containsExactly(
            entry("effect", "wake"), entry("due", ExplainScenario.START.plusSeconds(32)));
  }

  private static Finding last(ExplainScenario scenario) {
    List<Finding> findings = scenario.explain().findings();
    return findings.get(findings.size() - 1);
  }

  @Test
  void evidenceContainsSlots() {
    Finding finding =
        queued().after(20).queues(NO_CONSUMERS).workers(2, 8, 8).explain().findings().get(0);
    assertThat(finding.evidence())
        .contains(entry("workers", 2), entry("slots", 8), entry("slots_taken", 8))
        .contains(entry("consumers", 0));
  }

  @Test
  void evidenceContainsQueueEstimate() {
    Finding finding =
        queued().after(20).queues(BUSY).position(12, 10L, 20L, 90L).explain().findings().get(0);
    assertThat(finding.evidence())
        .contains(
            entry("ahead", 12L),
            entry("consumers", 2L),
            entry("estimated_wait_ms", 240L),
            entry("mean_run_ms", 40L),
            entry("median_run_ms", 20L),
            entry("runs", 3));
  }

  @Test
  void retryReportsLastFailureAndCount() {
    assertThat(queued().failedOnce().explain().findings().get(0).evidence())
        .contains(
            entry("last_failure", "503: no GPU"),
            entry("failures", 1),
            entry("max_attempts", 3),
            entry("due_at", ExplainScenario.START.plusSeconds(10)));
  }

  @Test
  void listsAtMostTwentyDependencies() {
    String[] keys = IntStream.range(0, 23).mapToObj(i -> "K" + i).toArray(String[]::new);
    Explanation explanation = dependingOn(OnDependencyFailure.FAIL, keys).explain();
    assertThat(explanation.findings()).hasSize(22);
    assertThat(explanation.summary())
        .isEqualTo("The task is waiting for 23 other tasks to succeed: K0, K1, K2 and 20 more.");
    assertThat(explanation.findings().get(21).text())
        .isEqualTo("3 more dependencies are not listed.");
  }

  @Test
  void reportsStateOfDependency() {
    Explanation explanation =
        dependingOn(OnDependencyFailure.FAIL, "OCR")
            .dependency("OCR")
            .brokerUnreachable("connection lost")
            .explain();
    assertThat(explanation.findings().get(1).text()).isEqualTo("OCR is in state 201 CREATED.");
    assertThat(explanation.findings().get(1).evidence())
        .contains(entry("task", "id-OCR"), entry("key", "OCR"), entry("state", 201));
  }

  @Test
  void saysWhatWorkerNeedsAndThatServerIsAboutToCreateIt() {
    ExplainScenario needs = running().needs("shots first", "OCR");
    String document = needs.task.spec().document().id().value();

    Explanation pending = needs.explain();
    assertThat(pending.summary())
        .isEqualTo(
            "Worker asr-3 reported at 2026-03-01T10:00:02Z that it needs other tasks of document "
                + document
                + " first: shots first. The task is waiting for 1 other task to succeed: OCR.");
    assertThat(pending.findings().get(1).text())
        .isEqualTo(
            "There is no task OCR on document "
                + document
                + " yet; the server is about to create it.");

    Explanation created = needs.effectsDone().dependency("OCR").explain();
    assertThat(created.findings().get(1).evidence())
        .contains(entry("document", document), entry("state", 201));
  }

  @Test
  void saysWhatNeededTaskNeedsItself() {
    assertThat(neededTask(new Command.Unroutable(new RunRef(1, ""))))
        .isEqualTo(
            "OCR is in state 422 NO_ROUTE_TO_QUEUE: no queue is bound for Video.OCR; the task is"
                + " published again when one is bound. Start a worker for key OCR and type Video.");
    assertThat(neededTask(new Command.Confirm(new RunRef(1, ""))))
        .isEqualTo("OCR is in state 202 QUEUED. It is waiting for a worker of key OCR.");
  }

  private static String neededTask(Command.FromBroker outcome) {
    ExplainScenario needs = running().needs("", "OCR").effectsDone().dependency("OCR");
    needs.brokerOutcomeOf("OCR", outcome instanceof Command.Confirm);
    return needs.explain().findings().get(1).text();
  }

  @Test
  void namesDocumentThatHasNoTaskWhichCouldEndTheWait() {
    ExplainScenario needs = running().fail(TaskState.UNFINISHED_DEPENDENCY, "shots").effectsDone();
    assertThat(needs.explain().summary())
        .endsWith(
            " Document "
                + needs.task.spec().document().id()
                + " has no other task that could succeed: submit the one that the worker needs:"
                + " shots.");
  }

  @Test
  void listsTasksThatCouldEndTheWait() {
    Explanation explanation =
        running()
            .fail(TaskState.UNFINISHED_DEPENDENCY, "shots")
            .effectsDone()
            .dependency("OCR", new Command.Cancel("ann"))
            .explain();
    assertThat(explanation.findings().get(1).text())
        .isEqualTo(
            "OCR is in state 499 CANCELLED. It does not run again until someone retries it.");
  }

  @Test
  void saysWhoCanReplaceDeletedDependency() {
    ExplainScenario needs = running().needs("", "OCR").effectsDone();
    String document = needs.task.spec().document().id().value();
    needs.execute(
        new Command.DependencyFailed(
            TaskId.of(needs.task.spec().document().id(), new TaskKey("OCR")),
            new TaskKey("OCR"),
            Command.GONE_ATTEMPT,
            TaskState.NOT_FOUND));
    assertThat(needs.explain().findings().get(1).text())
        .isEqualTo(
            "OCR has been deleted. Submit key OCR for document "
                + document
                + " again and then retry this task, or run it without that by a forced retry.");
  }

  @Test
  void ignoresBindingsOfOtherExchanges() {
    Census.Queue elsewhere =
        new Census.Queue(
            "ASR", 1, 0, 1, List.of(new Census.Binding("DANE-exchange", "#.ASR")), true, List.of());
    Explanation explanation = created().unroutable().queues(elsewhere).explain();
    assertThat(explanation.findings())
        .extracting(Finding::kind)
        .containsExactly(Finding.Kind.NO_QUEUE, Finding.Kind.OTHER_QUEUE);
    assertThat(explanation.findings().get(1).evidence())
        .containsEntry("bindings", List.of("DANE-exchange #.ASR"));
  }

  @Test
  void truncatesLongMessageInTextButNotInEvidence() {
    String message = "📼".repeat(300);
    Finding finding = running().fail(TaskState.NOT_FOUND, message).explain().findings().get(0);
    assertThat(finding.text()).contains(": " + "📼".repeat(200) + "… (");
    assertThat(finding.evidence()).containsEntry("message", message);
  }

  @Test
  void scenariosCoverEveryKind() {
    List<String> occurring =
        scenarios()
            .flatMap(scenario -> Arrays.stream(((String) scenario.get()[3]).split(" ")))
            .distinct()
            .toList();
    assertThat(Arrays.stream(Finding.Kind.values()).map(Finding.Kind::label))
        .containsAll(occurring)
        .allMatch(
            kind ->
                occurring.contains(kind)
                    || List.of("effect_pending", "effect_overdue", "more_dependencies")
                        .contains(kind));
  }

  @Test
  void apiDescriptionListsEveryKind() {
    List<String> described = new ArrayList<>();
    new ApiDescription("test")
        .document()
        .at("/components/schemas/Finding/properties/kind/enum")
        .forEach(kind -> described.add(kind.asText()));
    assertThat(described)
        .containsExactly(
            Arrays.stream(Finding.Kind.values()).map(Finding.Kind::label).toArray(String[]::new));
  }

  @Test
  void saysHowOftenATaskWasTakenBackAndWhatFollows() {
    Explanation explanation = queued().takenBack().confirm().takenBack().confirm().explain();

    assertThat(explanation.findings())
        .filteredOn(finding -> finding.kind() == Finding.Kind.UNREPORTED)
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.text())
                  .startsWith("The server took the task back 2 times in a row, because no report")
                  .contains("(no report from worker asr-3 within 5 s of the claim)")
                  .contains("3 times in a row count as one failure");
              assertThat(finding.evidence()).containsEntry("times", 2);
            });
  }
}
