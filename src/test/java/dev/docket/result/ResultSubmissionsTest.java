package dev.docket.result;

import static dev.docket.result.ResultScenario.draft;
import static dev.docket.result.ResultScenario.drafts;
import static dev.docket.result.ResultScenario.join;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.docket.http.InvalidRequest;
import dev.docket.http.PayloadTooLarge;
import dev.docket.store.StoreUnavailable;
import dev.docket.store.Unstorable;
import dev.docket.store.Version;
import dev.docket.store.WriteOutcome;
import dev.docket.task.ResultDraft;
import dev.docket.task.ResultId;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskNotFound;
import dev.docket.task.TaskSamples;
import dev.docket.task.TaskState;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Decision;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ResultSubmissionsTest {

  private static final int RECORD = 8 * 1024;
  private static final int MAX_INLINE = 1 << 20;
  private static final Map<String, String> GENERATOR = Map.of("name", "ASR");

  private final ResultScenario scenario = new ResultScenario(TaskSamples.POLICY);
  private final ResultSubmissions submissions =
      new ResultSubmissions(scenario.tasks, scenario.payloads, MAX_INLINE);

  @BeforeEach
  void claim() {
    scenario.claim("c1");
  }

  private Decision complete(Command.Complete complete) {
    return join(submissions.complete(scenario.task().id(), complete));
  }

  private ResultId id(String claim, int ordinal) {
    Task task = scenario.task();
    return ResultId.submitted(task.id(), task.run().token(), claim, ordinal);
  }

  private List<Long> storedBytes() {
    return scenario.shown().stream()
        .map(result -> result.payloadBytes() == null ? -1 : result.payloadBytes())
        .toList();
  }

  private void upload(String claim, int ordinal, String json) {
    Task task = scenario.task();
    scenario.payloads.receive(
        id(claim, ordinal),
        new PayloadPart.Owner(task.id(), task.run().attempt(), task.run().token(), claim),
        0,
        new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void keepsPayloadOfUpTo8KibInRecord() {
    complete(scenario.complete("c1", draft(RECORD), draft(RECORD + 1)));

    assertThat(storedBytes()).containsExactly(-1L, RECORD + 1L);
    assertThat(scenario.parts.all())
        .singleElement()
        .satisfies(
            part -> {
              assertThat(part.result()).isEqualTo(id("c1", 1));
              assertThat(part.total()).isEqualTo(RECORD + 1L);
              assertThat(part.owner().submission()).isEqualTo("c1");
            });
  }

  @Test
  void storesWhatExceeds64KibOfSubmission() {
    complete(scenario.complete("c1", drafts(9, RECORD)));

    assertThat(storedBytes())
        .containsExactly(-1L, -1L, -1L, -1L, -1L, -1L, -1L, -1L, (long) RECORD);
  }

  @Test
  void payloadThatFitsStaysInRecordAfterOneThatDoesNot() {
    complete(scenario.complete("c1", draft(RECORD + 1), draft(RECORD)));

    assertThat(storedBytes()).containsExactly(RECORD + 1L, -1L);
  }

  @Test
  void countsBytesAndNotCharacters() {
    String text = "\u00e9".repeat(RECORD / 2);
    ResultDraft draft = new ResultDraft(TextNode.valueOf(text), GENERATOR);

    complete(scenario.complete("c1", draft));

    assertThat(storedBytes()).containsExactly(RECORD + 2L);
  }

  @Test
  void keepsOrderAndContentOfPayloads() {
    complete(scenario.complete("c1", draft(3), draft(RECORD + 1), draft(4)));

    assertThat(scenario.shown())
        .extracting(Result::id)
        .containsExactly(id("c1", 0), id("c1", 1), id("c1", 2));
    assertThat(join(scenario.payloads.readSmall(id("c1", 1))))
        .contains(draft(RECORD + 1).payload());
  }

  @Test
  void rejectsSubmissionThatMustBeUploaded() {
    int half = MAX_INLINE / 2;
    complete(scenario.complete("c1", draft(half), draft(half)));
    assertThat(scenario.task().state()).isEqualTo(TaskState.SUCCESS);
    scenario.execute(new Command.Reset("ann"));
    scenario.claim("c1");

    assertThatThrownBy(() -> complete(scenario.complete("c1", draft(half), draft(half + 1))))
        .isInstanceOf(PayloadTooLarge.class)
        .hasMessageContaining("at most " + MAX_INLINE)
        .hasMessageContaining("PUT /task/{id}/results/{n}");
    assertThat(scenario.task().state()).isEqualTo(TaskState.PROCESSING);
  }

  @Test
  void acceptsUploadedPayload() {
    upload("c1", 1, "[1, 2]");

    complete(scenario.complete("c1", draft(3), ResultDraft.stored(6, GENERATOR)));

    assertThat(storedBytes()).containsExactly(-1L, 6L);
  }

  @Test
  void namesPayloadThatWasNotUploaded() {
    upload("c1", 0, "[1]");

    assertThatThrownBy(
            () ->
                complete(
                    scenario.complete(
                        "c1", ResultDraft.stored(3, GENERATOR), ResultDraft.stored(3, GENERATOR))))
        .hasCauseInstanceOf(InvalidRequest.class)
        .hasMessageContaining("/results/1/uploaded")
        .hasMessageContaining("(was 3)");
    assertThat(scenario.task().state()).isEqualTo(TaskState.PROCESSING);
    assertThat(scenario.parts.all()).hasSize(1);
  }

  @Test
  void rejectsOtherSizeThanUploaded() {
    upload("c1", 0, "[1]");

    for (long bytes : new long[] {2, 4, 0, -1, Long.MAX_VALUE}) {
      assertThatThrownBy(
              () -> complete(scenario.complete("c1", ResultDraft.stored(bytes, GENERATOR))))
          .as("%d", bytes)
          .hasCauseInstanceOf(InvalidRequest.class);
    }
  }

  @Test
  void staleRunStoresNothingAndIsRejected() {
    Command.Complete stale = scenario.complete("c1", draft(RECORD + 1));
    scenario.execute(new Command.ForceRetry("ann"));

    assertThat(complete(stale).refused()).isTrue();
    assertThat(scenario.parts.all()).isEmpty();
  }

  /** The payloads of a rejected end are gone, so its repetition must not ask for an upload. */
  @Test
  void repetitionOfRejectedEndIsRejectedInSameWay() {
    upload("c1", 0, "[1]");
    Command.Complete stale = scenario.complete("c1", ResultDraft.stored(3, GENERATOR));
    scenario.execute(new Command.ForceRetry("ann"));

    Decision.Refused first = (Decision.Refused) complete(stale);
    assertThat(scenario.parts.all()).isEmpty();

    assertThat(((Decision.Refused) complete(stale)).reason()).isEqualTo(first.reason());
  }

  @Test
  void otherClaimIsRejectedAndStoresNothing() {
    assertThat(complete(scenario.complete("c2", draft(RECORD + 1))).refused()).isTrue();
    assertThat(scenario.parts.all()).isEmpty();
    assertThat(scenario.task().state()).isEqualTo(TaskState.PROCESSING);
  }

  /** The run ends after the server has read the task and before the end is decided. */
  @Test
  void endRejectedAfterPayloadsWereStoredRemovesThem() {
    Command.Complete late = scenario.complete("c1", draft(RECORD + 1), draft(600 * 1024));
    InterceptedPayloads intercepted =
        new InterceptedPayloads(
            scenario.parts, () -> scenario.execute(new Command.ForceRetry("ann")));

    assertThat(join(submissionsTo(intercepted).complete(scenario.task().id(), late)).refused())
        .isTrue();

    assertThat(intercepted.puts).isEqualTo(4);
    assertThat(scenario.parts.all()).isEmpty();
  }

  /** Two requests report the same end, because the response to the first one was lost. */
  @Test
  void concurrentRepetitionKeepsPayloadsOfListedSubmission() {
    Command.Complete end = scenario.complete("c1", draft(RECORD + 1));
    InterceptedPayloads intercepted = new InterceptedPayloads(scenario.parts, () -> complete(end));

    assertThat(join(submissionsTo(intercepted).complete(scenario.task().id(), end)).refused())
        .isFalse();

    assertThat(scenario.parts.all()).hasSize(1);
    assertThat(storedBytes()).containsExactly(RECORD + 1L);
  }

  @Test
  void laterRepetitionKeepsPayloads() {
    upload("c1", 0, "[1]");
    Command.Complete end =
        scenario.complete("c1", ResultDraft.stored(3, GENERATOR), draft(RECORD + 1));
    complete(end);

    assertThat(complete(end)).isInstanceOf(Decision.Unchanged.class);

    assertThat(scenario.parts.all()).hasSize(2);
    assertThat(storedBytes()).containsExactly(3L, RECORD + 1L);
  }

  /** The end may have been written, and the worker reports it again. */
  @Test
  void unknownOutcomeKeepsPayloads() {
    Command.Complete end = scenario.complete("c1", draft(RECORD + 1));
    InterceptedPayloads failing = new InterceptedPayloads(scenario.parts, () -> {});
    failing.outcome = new WriteOutcome.Unknown("no response");

    assertThatThrownBy(() -> join(submissionsTo(failing).complete(scenario.task().id(), end)))
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(StoreUnavailable.class);
    assertThat(scenario.task().state()).isEqualTo(TaskState.PROCESSING);

    complete(end);
    assertThat(storedBytes()).containsExactly(RECORD + 1L);
  }

  @Test
  void payloadThatStoreRejectsFailsTheReport() {
    InterceptedPayloads rejecting = new InterceptedPayloads(scenario.parts, () -> {});
    rejecting.outcome = new WriteOutcome.Rejected("too deep");

    assertThatThrownBy(
            () ->
                join(
                    submissionsTo(rejecting)
                        .complete(
                            scenario.task().id(), scenario.complete("c1", draft(RECORD + 1)))))
        .hasCauseInstanceOf(Unstorable.class)
        .hasMessageContaining("too deep");
  }

  @Test
  void unknownTaskIsNotFound() {
    assertThatThrownBy(
            () ->
                join(
                    submissions.complete(
                        new TaskId("unknown"), scenario.complete("c1", draft(RECORD + 1)))))
        .hasCauseInstanceOf(TaskNotFound.class);
  }

  private ResultSubmissions submissionsTo(PayloadStore store) {
    return new ResultSubmissions(
        scenario.tasks,
        new Payloads(store, new ObjectMapper(), scenario.clock, 2 << 20),
        MAX_INLINE);
  }

  /** A store that runs an action before the first write, and can fail writes. */
  private static final class InterceptedPayloads implements PayloadStore {
    private final MemoryPayloadStore store;
    private final Runnable beforeFirstPut;
    private WriteOutcome outcome = new WriteOutcome.Stored(new Version(0, 1));
    private int puts;

    private InterceptedPayloads(MemoryPayloadStore store, Runnable beforeFirstPut) {
      this.store = store;
      this.beforeFirstPut = beforeFirstPut;
    }

    @Override
    public CompletionStage<WriteOutcome> put(PayloadPart part) {
      if (puts++ == 0) {
        beforeFirstPut.run();
      }
      return outcome instanceof WriteOutcome.Stored
          ? store.put(part)
          : CompletableFuture.completedStage(outcome);
    }

    @Override
    public CompletionStage<Optional<PayloadPart>> find(ResultId result, int number) {
      return store.find(result, number);
    }

    @Override
    public CompletionStage<WriteOutcome> remove(ResultId result, int number) {
      return store.remove(result, number);
    }

    @Override
    public List<PartName> writtenBefore(Instant time, PartName after, int limit) {
      return store.writtenBefore(time, after, limit);
    }
  }
}
