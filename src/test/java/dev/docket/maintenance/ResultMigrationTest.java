package dev.docket.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.docket.auth.Owner;
import dev.docket.document.Document;
import dev.docket.document.DocumentId;
import dev.docket.result.PayloadPart;
import dev.docket.result.Payloads;
import dev.docket.result.Result;
import dev.docket.simulation.InMemoryServer;
import dev.docket.store.StoreUnavailable;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import dev.docket.task.ResultDraft;
import dev.docket.task.ResultId;
import dev.docket.task.RunRef;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Reporter;
import dev.docket.task.machine.RunEnd;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ResultMigrationTest {

  private static final JsonNode SMALL = TextNode.valueOf("words");

  private final InMemoryServer server = new InMemoryServer(new InMemoryServer.SharedBackends());
  private final Document document = server.document("film");
  private final MemoryFormerResults former = new MemoryFormerResults();
  private final Payloads payloads =
      new Payloads(
          server.shared.payloads,
          new ObjectMapper(),
          Clock.fixed(server.shared.now, ZoneOffset.UTC),
          1 << 20);
  private final ResultMigration migration =
      new ResultMigration(former, server.shared.tasks, payloads);

  private Task succeeded(String key, int results) {
    Task task = server.create(document, key);
    succeed(task, results);
    return server.task(task.id());
  }

  private void succeed(Task task, int results) {
    server.execute(
        task.id(), Command.Claim.byWorker(new Reporter(task.run().ref(), "c", "w"), null));
    List<ResultDraft> drafts = Collections.nCopies(results, new ResultDraft(SMALL, Map.of()));
    server.execute(
        task.id(),
        new Command.Complete(
            new Reporter(task.run().ref(), "c", "w"), RunEnd.of("done"), drafts, null));
  }

  private ResultId former(TaskId task, String run, ResultId id, JsonNode payload) {
    former.records.put(
        new Result(
            id,
            task,
            new DocumentId("film"),
            new TaskKey("ASR"),
            null,
            Map.of("id", "whisper-3"),
            payload,
            null,
            1,
            run,
            true,
            true,
            server.shared.now));
    return id;
  }

  private ResultId former(Task task, int ordinal, JsonNode payload) {
    return former(
        task.id(),
        task.run().token(),
        ResultId.submitted(task.id(), task.run().token(), "c", ordinal),
        payload);
  }

  private Result now(ResultId id) {
    return former.records.find(id).orElseThrow().value();
  }

  @Test
  void setsFlagsAndCopiesOfListedResults() {
    Task first = succeeded("ASR", 1);
    ResultId earlier = former(first, 0, SMALL);
    server.execute(first.id(), new Command.ForceRetry("ann"));
    Task second = server.task(first.id());
    succeed(second, 1);
    ResultId latest = former(second, 0, SMALL);

    migration.run();

    assertThat(now(earlier).visible()).isTrue();
    assertThat(now(earlier).latest()).isFalse();
    assertThat(now(latest).visible()).isTrue();
    assertThat(now(latest).latest()).isTrue();
    assertThat(now(latest).origin())
        .isEqualTo(
            new Result.Origin(
                "film", document.target().type(), document.creator().id(), Owner.NOBODY));
    assertThat(now(latest).payload()).isEqualTo(SMALL);
    assertThat(now(latest).generator()).containsEntry("id", "whisper-3");
    assertThat(former.searched).containsEntry(latest, SMALL);
    assertThat(server.shared.payloads.all()).isEmpty();
  }

  @Test
  void hidesResultsThatWereSavedInCurrentRun() {
    server.shared.policies.put(new TaskKey("VIS"), PayloadSweepTest.LATE);
    Task task = server.create(document, "VIS");
    ResultId id = ResultId.submitted(task.id(), task.run().token(), null, 0);
    server.execute(task.id(), new Command.SaveResult(new RunRef(1, task.run().token()), id));
    former(task.id(), task.run().token(), id, SMALL);

    migration.run();

    assertThat(now(id).visible()).isFalse();
    assertThat(now(id).latest()).isFalse();
  }

  @Test
  void deletesResultsThatNoReaderSees() {
    Task task = succeeded("ASR", 1);
    former(task, 1, SMALL);
    former(new TaskId("gone"), "run", new ResultId("of-missing-task"), SMALL);
    Task deleted = succeeded("OCR", 1);
    former(deleted, 0, SMALL);
    server.execute(deleted.id(), new Command.Delete("ann"));

    migration.run();

    assertThat(former.records.all()).isEmpty();
  }

  @Test
  void movesLargePayloadsSoThatPayloadSweepKeepsThem() {
    Task task = succeeded("ASR", 3);
    TextNode large = TextNode.valueOf("x".repeat(8 * 1024));
    TextNode unsearchable = TextNode.valueOf("y".repeat(PayloadPart.BYTES));
    ResultId atLimit = former(task, 0, TextNode.valueOf("x".repeat(8 * 1024 - 2)));
    ResultId moved = former(task, 1, large);
    ResultId second = former(task, 2, unsearchable);

    migration.run();

    assertThat(now(atLimit).payloadBytes()).isNull();
    assertThat(now(moved).payload()).isNull();
    assertThat(now(moved).payloadBytes()).isEqualTo(8 * 1024 + 2);
    assertThat(payloads.readSmall(moved).toCompletableFuture().join()).contains(large);
    assertThat(former.searched).containsEntry(moved, large).doesNotContainKey(second);
    assertThat(now(second).payloadBytes()).isEqualTo(PayloadPart.BYTES + 2);
    assertThat(server.shared.payloads.all()).hasSize(3);

    Clock later = Clock.fixed(server.shared.now.plus(Duration.ofDays(2)), ZoneOffset.UTC);
    new PayloadSweep(server.shared.payloads, server.shared.tasks, later).run();
    assertThat(server.shared.payloads.all()).hasSize(3);
  }

  @Test
  void repeatsAfterConcurrentChange() {
    Task task = succeeded("ASR", 1);
    ResultId id = former(task, 0, SMALL);
    former.afterSearch =
        () -> {
          former.afterSearch = () -> {};
          former(task, 0, TextNode.valueOf("changed"));
        };

    migration.run();

    assertThat(now(id).origin()).isNotNull();
    assertThat(now(id).payload()).isEqualTo(TextNode.valueOf("changed"));
  }

  @Test
  void runIsBoundedAndSearchesNoMoreOnceNothingIsLeft() {
    int maxRecords = ResultMigration.PAGE_SIZE * ResultMigration.MAX_PAGES;
    for (int i = 0; i < maxRecords + 1; i++) {
      former(new TaskId("gone"), "run", new ResultId("r" + i), SMALL);
    }

    migration.run();
    assertThat(former.records.all()).hasSize(1);
    migration.run();
    assertThat(former.records.all()).isEmpty();
    int searches = former.searches.size();
    assertThat(former.searches.get(searches - 1)).isZero();
    migration.run();

    assertThat(former.searches).hasSize(searches);
  }

  @Test
  void continuesAfterRecordThatCannotBeWritten() {
    Task task = succeeded("ASR", 1);
    former(task, 0, SMALL);
    former.outcome = new WriteOutcome.Rejected("too deep");
    ResultId other = former(new TaskId("gone"), "run", new ResultId("zzz"), SMALL);

    migration.run();

    assertThat(former.records.find(other)).isEmpty();
    assertThat(former.records.all())
        .extracting(Versioned::value)
        .extracting(Result::origin)
        .containsOnlyNulls();
    assertThat(former.searches).as("not searched forever").hasSizeLessThan(4);
  }

  @Test
  void nextRunRepeatsPageAfterFailure() {
    Task task = succeeded("ASR", 1);
    ResultId id = former(task, 0, SMALL);
    former.outcome = new WriteOutcome.Unknown("unreachable");
    assertThatThrownBy(migration::run).isInstanceOf(StoreUnavailable.class);
    former.outcome = null;

    migration.run();

    assertThat(now(id).origin()).isNotNull();
  }
}
