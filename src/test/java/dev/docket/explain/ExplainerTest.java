package dev.docket.explain;

import static dev.docket.explain.ExplainScenario.created;
import static dev.docket.explain.ExplainScenario.due;
import static dev.docket.explain.ExplainScenario.foreign;
import static dev.docket.explain.ExplainScenario.needing;
import static dev.docket.explain.ExplainScenario.queue;
import static dev.docket.explain.ExplainScenario.queued;
import static dev.docket.explain.ExplainScenario.running;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.docket.apidocs.ApiDescription;
import dev.docket.broker.Census;
import dev.docket.document.TargetType;
import dev.docket.server.HttpJson;
import dev.docket.task.OnDependencyFailure;
import dev.docket.task.TaskId;
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
  private static final Census.Queue UNATTENDED = queue(TargetType.VIDEO, "ASR", 12, 0, 0);
  private static final Census.Queue EMPTY = queue(TargetType.VIDEO, "ASR", 0, 0, 1);

  static Stream<Arguments> stories() {
    return Stream.of(
        arguments(
            "on its way",
            created().after(1),
            "It is on its way to the broker since 2026-03-01T10:00:00Z.",
            "on_its_way"),
        arguments(
            "on its way for too long",
            created().after(10),
            "It is on its way to the broker since 2026-03-01T10:00:00Z, which should have taken a"
                + " second; if nobody has done it by 2026-03-01T10:00:30Z, a sweep sends it.",
            "on_its_way"),
        arguments(
            "overdue",
            created().after(40),
            "It is on its way to the broker since 2026-03-01T10:00:00Z, which should have taken a"
                + " second; it is overdue, and a sweep sends it.",
            "on_its_way"),
        arguments(
            "the broker is away",
            created().after(40).brokerAway("connection refused"),
            "The broker cannot be used now (connection refused): nothing is sent until it is back,"
                + " and then all of it.",
            "broker_unreachable on_its_way"),
        arguments(
            "reset by hand",
            queued().execute(new Command.MassReset("ann")).after(1),
            "It is on its way to the broker since 2026-03-01T10:00:00Z.",
            "on_its_way"),
        arguments(
            "not before",
            due(ExplainScenario.START.plusSeconds(600)),
            "It is not to be sent before 2026-03-01T10:10:00Z, in 10 minutes.",
            "not_before"),
        arguments(
            "its time has come",
            due(ExplainScenario.START.plusSeconds(600)).after(601),
            "It is on its way to the broker since 2026-03-01T10:10:00Z, which should have taken a"
                + " second; it is overdue, and a sweep sends it.",
            "on_its_way"),
        arguments(
            "retry",
            queued().failedOnce().after(3),
            "It runs again at 2026-03-01T10:00:10Z, in 7 seconds, after failure 1 of 3:"
                + " 503: no GPU.",
            "retry"),
        arguments(
            "retry after a lost lease",
            running().execute(new Command.LeaseLost()),
            "It runs again at 2026-03-01T10:00:12Z, in 10 seconds, after failure 1 of 3: 500:"
                + " worker lost: nothing heard of asr-3.",
            "retry"),
        arguments(
            "given back",
            running().giveBack(),
            "Its worker did not do it: shutting down; that is no failure, and it goes out again at"
                + " 2026-03-01T10:00:03Z, in a second.",
            "given_back"),
        arguments(
            "no queue, nobody counts",
            created().unroutable().nobodyCounts("not configured"),
            "No queue takes Video.ASR since 2026-03-01T10:00:00Z: no worker for it has appeared; it"
                + " is sent again when one does.",
            "no_queue census_unknown"),
        arguments(
            "no queue of the key",
            created().unroutable().queues(queue(TargetType.VIDEO, "OCR", 0, 0, 1)),
            "No queue takes Video.ASR since 2026-03-01T10:00:00Z, and there is none for ASR at all:"
                + " no worker for it has appeared; it is sent again when one does.",
            "no_queue"),
        arguments(
            "a queue for another type",
            created().unroutable().queues(queue(TargetType.SOUND, "ASR", 3, 0, 1)),
            "No queue takes Video.ASR since 2026-03-01T10:00:00Z: no worker for it has appeared; it"
                + " is sent again when one does.",
            "no_queue other_queue"),
        arguments(
            "a queue has just come",
            created().unroutable().queues(BUSY),
            "No queue took Video.ASR when it was sent, but docket.v1.ASR.Video does now: it is sent"
                + " again within seconds.",
            "no_queue"),
        arguments(
            "in line",
            queued().after(20).queues(BUSY).line(12),
            "It waits in docket.v1.ASR.Video with 2 consumers, behind about 12 others.",
            "queued queue unanswered_after"),
        arguments(
            "in line, with an estimate",
            queued().after(20).queues(BUSY).line(12, 50_000L, 60_000L, 70_000L),
            "It waits in docket.v1.ASR.Video with 2 consumers, behind about 12 others: about 6"
                + " minutes, if each takes as long as the last 3 did (60 seconds) and a consumer"
                + " does one at a time.",
            "queued queue unanswered_after"),
        arguments(
            "no consumer",
            queued().after(20).queues(UNATTENDED).line(11, 1L, 1L, 1L),
            "Nobody is there to do it: docket.v1.ASR.Video has 12 messages and no consumer.",
            "no_consumer queue unanswered_after"),
        arguments(
            "the message is missing",
            queued().after(20).queues(EMPTY).line(0),
            "The broker took its message at 2026-03-01T10:00:00Z, but the broker's queues for"
                + " Video.ASR are empty: the message seems to be lost, or was taken this moment.",
            "message_missing queue unanswered_after"),
        arguments(
            "too early to say that it is missing",
            queued().after(5).queues(EMPTY).line(0),
            "It waits in docket.v1.ASR.Video with 1 consumer, behind no other.",
            "queued queue unanswered_after"),
        arguments(
            "its queue is gone",
            queued().after(20).queues().line(0),
            "The broker took its message at 2026-03-01T10:00:00Z, but no queue is bound for"
                + " Video.ASR now: the message went with its queue, or the queue is just being"
                + " made.",
            "no_queue unanswered_after"),
        arguments(
            "nobody counts",
            queued().after(20).nobodyCounts("not configured").line(3),
            "It waits for a worker of Video.ASR since 2026-03-01T10:00:00Z, behind about 3 others.",
            "queued census_unknown unanswered_after"),
        arguments(
            "nobody counts and the store cannot be searched",
            queued().after(20).nobodyCounts("not configured").storeAway("no answer"),
            "It waits for a worker of Video.ASR since 2026-03-01T10:00:00Z.",
            "queued census_unknown unanswered_after store_unavailable"),
        arguments(
            "the broker goes away",
            queued().brokerAway("gone").nobodyCounts("no answer").line(0),
            "The broker cannot be used now (gone): nothing is sent until it is back, and then all"
                + " of it.",
            "broker_unreachable queued census_unknown unanswered_after"),
        arguments(
            "sent again",
            queued().after(20).execute(new Command.Redispatch()).after(1).queues(BUSY).line(0),
            "It is on its way to the broker since 2026-03-01T10:00:20Z.",
            "on_its_way queued queue unanswered_after"),
        arguments(
            "a worker of another system",
            foreign().confirm().after(20).queues(queue("ASR", "#.ASR").apply(0, 1, 1)).line(0),
            "It waits in ASR with 1 consumer, behind no other.",
            "queued queue foreign_worker unanswered_after"),
        arguments(
            "a worker of another system has begun",
            foreign().confirm().after(20).started().after(5),
            "A worker says that it has been at it since 2026-03-01T10:00:20Z.",
            "begun foreign_worker run_limit unanswered_after"),
        arguments(
            "leased",
            running().after(5).progress(40, "decoding").after(7),
            "asr-3 has been at it since 2026-03-01T10:00:02Z, 40 % (decoding); last sign of life at"
                + " 2026-03-01T10:00:07Z.",
            "leased run_limit"),
        arguments(
            "silent",
            running().after(70),
            "asr-3 has been at it since 2026-03-01T10:00:02Z; last sign of life at"
                + " 2026-03-01T10:00:02Z; if there is none by about 2026-03-01T10:01:32Z, the worker"
                + " is lost.",
            "lease_silent run_limit"),
        arguments(
            "silent for too long",
            running().after(100),
            "asr-3 has been at it since 2026-03-01T10:00:02Z; last sign of life at"
                + " 2026-03-01T10:00:02Z; that is so long ago that the worker is lost as soon as the"
                + " servers have watched the silence for 90 seconds.",
            "lease_silent run_limit"),
        arguments(
            "handed out by a poll",
            queued().claim(true).after(3),
            "asr-3 has been at it since 2026-03-01T10:00:00Z; it came by a poll, and nothing has"
                + " been heard of the worker yet.",
            "leased run_limit"),
        arguments(
            "to be cancelled",
            running().after(5).execute(new Command.Cancel("ann")).after(5),
            "It is to be cancelled since 2026-03-01T10:00:07Z: asr-3 is asked to stop with every"
                + " answer, and has not said yet that it did.",
            "cancel_requested leased run_limit"),
        arguments(
            "waits for a running one",
            needing(OnDependencyFailure.FAIL, "OCR").other("OCR"),
            "It waits for 1 task to succeed: OCR.",
            "waits_for dependency"),
        arguments(
            "waits for one that has ended",
            needing(OnDependencyFailure.FAIL, "OCR").other("OCR", new Command.Cancel("ann")),
            "It waits for 1 task to succeed: OCR.",
            "waits_for dependency_ended"),
        arguments(
            "waits for one that is gone",
            needing(OnDependencyFailure.FAIL, "OCR"),
            "It waits for 1 task to succeed: OCR.",
            "waits_for dependency_gone"),
        arguments(
            "waits for a failed one, as it was told to",
            needing(OnDependencyFailure.WAIT, "OCR", "LANG")
                .other("OCR", new Command.Cancel("ann"))
                .other("LANG")
                .told("OCR", TaskState.CANCELLED, 1),
            "It waits for 2 tasks to succeed: OCR, LANG.",
            "waits_for dependency_failed dependency"),
        arguments(
            "waits, and the store is away",
            needing(OnDependencyFailure.FAIL, "OCR").storeAway("no answer"),
            "It waits for 1 task to succeed: OCR.",
            "waits_for dependency store_unavailable"),
        arguments(
            "its worker wants something else first",
            running().fail(TaskState.UNFINISHED_DEPENDENCY, "shots").effectsDone(),
            "Its worker needs something else done first and did not say what: it waits for the next"
                + " success of any task of its document, and looks again at 2026-03-01T10:01:02Z in"
                + " any case.",
            "any_success"),
        arguments(
            "failed with what it needs",
            needing(OnDependencyFailure.FAIL, "OCR")
                .other("OCR", new Command.Cancel("ann"))
                .told("OCR", TaskState.CANCELLED, 1),
            "It ended without a run at 2026-03-01T10:00:00Z: it needs OCR, which ended with 499"
                + " CANCELLED; it runs if what it needs is retried and succeeds.",
            "failed_dependency dependency_failed"),
        arguments(
            "failed with what is gone",
            needing(OnDependencyFailure.FAIL, "OCR").told("OCR", TaskState.NOT_FOUND, Command.GONE),
            "It ended without a run at 2026-03-01T10:00:00Z: it needs OCR, which ended with 404"
                + " NOT_FOUND; it runs if what it needs is retried and succeeds.",
            "failed_dependency dependency_gone"),
        arguments(
            "done",
            running().after(60).complete().after(100),
            "It ended well at 2026-03-01T10:01:02Z, after 60 seconds of work, with 0 results.",
            "succeeded"),
        arguments(
            "failed for good",
            running().fail(TaskState.NOT_FOUND, "no such film."),
            "It failed for good at 2026-03-01T10:00:02Z with 404 NOT_FOUND: no such film (a failure"
                + " of this kind is not tried again).",
            "failed"),
        arguments(
            "failed too often",
            queued().failedOnce().failedOnce().failedOnce(),
            "It failed for good at 2026-03-01T10:00:00Z with 503 ERROR_PROXY: no GPU (it was failure"
                + " 3 of 3).",
            "failed"),
        arguments(
            "cancelled",
            queued().execute(new Command.Cancel("ann")),
            "It was cancelled at 2026-03-01T10:00:00Z.",
            "cancelled"),
        arguments(
            "its courier is gone",
            queued().withoutCourier(),
            "Its courier, docket, is not configured any more, so the server does nothing for it.",
            "courier_unknown queued census_unknown unanswered_after"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("stories")
  void theSummaryIsTheFirstOfTheFindings(
      String name, ExplainScenario scenario, String summary, String kinds) {
    Explanation explanation = scenario.explained();
    assertThat(explanation.summary()).isEqualTo(summary);
    assertThat(explanation.summary()).isEqualTo(explanation.findings().get(0).text());
    assertThat(explanation.findings())
        .extracting(finding -> finding.kind().label())
        .containsExactly(kinds.split(" "));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("stories")
  void noSecretIsTold(String name, ExplainScenario scenario, String summary, String kinds)
      throws Exception {
    String told = HttpJson.mapper().writeValueAsString(scenario.explained());
    assertThat(told).doesNotContain(scenario.task.run()).doesNotContain(ExplainScenario.CLAIM);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("stories")
  void whatIsStillToBeDoneIsTold(
      String name, ExplainScenario scenario, String summary, String kinds) {
    long others =
        scenario.task.outbox().stream()
            .filter(p -> !(p.effect() instanceof Effect.Publish))
            .count();
    assertThat(
            scenario.explained().findings().stream()
                .filter(finding -> finding.kind().label().startsWith("effect_")))
        .hasSize((int) others);
  }

  @Test
  void effectsArePendingThenOverdue() {
    ExplainScenario scenario = running().execute(new Command.AddDependent(new TaskId("x")));
    scenario.complete().after(10);
    assertThat(last(scenario).kind()).isEqualTo(Finding.Kind.EFFECT_PENDING);
    assertThat(last(scenario).text())
        .isEqualTo(
            "Being done: the tasks that wait for it are to be told; if that is not over by"
                + " 2026-03-01T10:00:32Z, a sweep does it.");
    scenario.after(30);
    assertThat(last(scenario).kind()).isEqualTo(Finding.Kind.EFFECT_OVERDUE);
    assertThat(last(scenario).evidence())
        .containsExactly(
            entry("effect", "wake"), entry("due", ExplainScenario.START.plusSeconds(32)));
  }

  private static Finding last(ExplainScenario scenario) {
    List<Finding> findings = scenario.explained().findings();
    return findings.get(findings.size() - 1);
  }

  @Test
  void theFiguresAreInTheEvidence() {
    Finding finding =
        queued().after(20).queues(BUSY).line(12, 10L, 20L, 90L).explained().findings().get(0);
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
  void aRetrySaysWhatWentWrongAndHowOften() {
    assertThat(queued().failedOnce().explained().findings().get(0).evidence())
        .contains(
            entry("last_failure", "503: no GPU"),
            entry("failures", 1),
            entry("max_attempts", 3),
            entry("due_at", ExplainScenario.START.plusSeconds(10)));
  }

  @Test
  void ofManyDependenciesTwentyAreLookedAt() {
    String[] keys = IntStream.range(0, 23).mapToObj(i -> "K" + i).toArray(String[]::new);
    Explanation explanation = needing(OnDependencyFailure.FAIL, keys).explained();
    assertThat(explanation.findings()).hasSize(22);
    assertThat(explanation.summary())
        .isEqualTo("It waits for 23 tasks to succeed: K0, K1, K2 and 20 more.");
    assertThat(explanation.findings().get(21).text()).isEqualTo("And 3 more.");
  }

  @Test
  void aDependencyIsToldWithItsState() {
    Explanation explanation =
        needing(OnDependencyFailure.FAIL, "OCR").other("OCR").brokerAway("gone").explained();
    assertThat(explanation.findings().get(1).text()).isEqualTo("OCR is 201 CREATED.");
    assertThat(explanation.findings().get(1).evidence())
        .contains(entry("task", "id-OCR"), entry("key", "OCR"), entry("state", 201));
  }

  @Test
  void queuesOfAnotherExchangeDoNotTakeIt() {
    Census.Queue elsewhere =
        new Census.Queue("ASR", 1, 0, 1, List.of(new Census.Binding("DANE-exchange", "#.ASR")));
    Explanation explanation = created().unroutable().queues(elsewhere).explained();
    assertThat(explanation.findings())
        .extracting(Finding::kind)
        .containsExactly(Finding.Kind.NO_QUEUE, Finding.Kind.OTHER_QUEUE);
    assertThat(explanation.findings().get(1).evidence())
        .containsEntry("bindings", List.of("DANE-exchange #.ASR"));
  }

  @Test
  void longMessagesAreCutInSentencesAndWholeInTheEvidence() {
    String message = "📼".repeat(300);
    Finding finding = running().fail(TaskState.NOT_FOUND, message).explained().findings().get(0);
    assertThat(finding.text()).contains(": " + "📼".repeat(200) + "… (");
    assertThat(finding.evidence()).containsEntry("message", message);
  }

  @Test
  void everyKindOccurs() {
    List<String> occurring =
        stories()
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
  void everyKindIsDescribed() {
    List<String> described = new ArrayList<>();
    new ApiDescription("test")
        .document()
        .at("/components/schemas/Finding/properties/kind/enum")
        .forEach(kind -> described.add(kind.asText()));
    assertThat(described)
        .containsExactly(
            Arrays.stream(Finding.Kind.values()).map(Finding.Kind::label).toArray(String[]::new));
  }
}
