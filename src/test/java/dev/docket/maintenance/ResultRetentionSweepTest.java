package dev.docket.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.docket.document.Document;
import dev.docket.result.Result;
import dev.docket.simulation.InMemoryServer;
import dev.docket.store.StoreUnavailable;
import dev.docket.store.Versioned;
import dev.docket.task.ResultDraft;
import dev.docket.task.ResultRun;
import dev.docket.task.Task;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Reporter;
import dev.docket.task.machine.RunEnd;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ResultRetentionSweepTest {

  private static final Duration MONTH = Duration.ofDays(30);

  private final InMemoryServer server = new InMemoryServer(new InMemoryServer.SharedBackends());
  private final Document document = server.document("film");

  private final class StoredResults implements ResultsByAge {

    private static final Comparator<Result> ORDER =
        Comparator.comparing(Result::createdAt).thenComparing(result -> result.id().value());

    @Override
    public List<Result> createdBefore(Instant time, @Nullable Result after, int limit) {
      return server.shared.results.all().stream()
          .map(Versioned::value)
          .filter(result -> result.visible() && !result.latest())
          .filter(result -> result.createdAt().isBefore(time))
          .sorted(ORDER)
          .filter(result -> after == null || ORDER.compare(result, after) > 0)
          .limit(limit)
          .toList();
    }
  }

  private ResultRetentionSweep sweep(ResultsByAge results) {
    return new ResultRetentionSweep(
        results, server.tasks, MONTH, Clock.fixed(server.shared.now, ZoneOffset.UTC));
  }

  private void run() {
    sweep(new StoredResults()).run();
  }

  /** Runs the task, which must wait for a worker, with one result. */
  private void succeed(Task task) {
    server.execute(
        task.id(), Command.Claim.byWorker(new Reporter(task.run().ref(), "c", "w"), null));
    ResultDraft draft = new ResultDraft(TextNode.valueOf("run " + task.run().attempt()), Map.of());
    server.execute(
        task.id(),
        new Command.Complete(
            new Reporter(task.run().ref(), "c", "w"), RunEnd.of("done"), List.of(draft), null));
  }

  private Task rerun(Task task) {
    server.execute(task.id(), new Command.ForceRetry("ann"));
    Task started = server.task(task.id());
    succeed(started);
    return started;
  }

  private List<String> stored() {
    return server.shared.results.all().stream()
        .map(result -> result.value().payload().asText())
        .sorted()
        .toList();
  }

  @Test
  void deletesOldResultsOfEarlierRunsAndKeepsLatestOfAnyAge() {
    Task task = server.create(document, "ASR");
    succeed(task);
    server.advanceClock(Duration.ofDays(10));
    rerun(task);
    server.advanceClock(Duration.ofDays(10));
    rerun(task);
    server.advanceClock(Duration.ofDays(10));
    run();
    assertThat(stored()).as("30 days old").hasSize(3);

    server.advanceClock(Duration.ofSeconds(1));
    run();

    assertThat(stored()).containsExactly("run 2", "run 3");
    server.advanceClock(Duration.ofDays(400));
    run();
    assertThat(stored()).containsExactly("run 3");
    assertThat(server.task(task.id()).resultRuns())
        .extracting(ResultRun::attempt)
        .containsExactly(3);
  }

  @Test
  void keepsResultsOfLatestRunWhileTaskRunsAgain() {
    Task task = server.create(document, "ASR");
    succeed(task);
    server.execute(task.id(), new Command.ForceRetry("ann"));
    server.advanceClock(Duration.ofDays(400));

    run();

    assertThat(stored()).containsExactly("run 1");
  }

  @Test
  void runIsBoundedAndNextRunContinues() {
    int maxResults = ResultRetentionSweep.PAGE_SIZE * ResultRetentionSweep.MAX_PAGES;
    for (int i = 0; i < maxResults + 1; i++) {
      Task task = server.create(document, "KEY" + i);
      succeed(task);
      rerun(task);
    }
    server.advanceClock(Duration.ofDays(31));

    run();
    assertThat(stored().stream().filter("run 1"::equals)).hasSize(1);
    run();

    assertThat(stored()).hasSize(maxResults + 1).containsOnly("run 2");
  }

  @Test
  void continuesAfterPageOfResultsWhoseTasksAreGone() {
    Task task = server.create(document, "ASR");
    succeed(task);
    rerun(task);
    server.advanceClock(Duration.ofDays(31));
    ResultsByAge all = new StoredResults();
    Result own = all.createdBefore(server.shared.now, null, 1).get(0);
    ResultsByAge withOthers =
        (time, after, limit) ->
            after == null
                ? java.util.Collections.nCopies(limit, ofMissingTask(own))
                : all.createdBefore(time, null, limit);

    sweep(withOthers).run();

    assertThat(stored()).containsExactly("run 2");
  }

  private static Result ofMissingTask(Result result) {
    return new Result(
        result.id(),
        new dev.docket.task.TaskId("gone"),
        result.documentId(),
        result.key(),
        result.origin(),
        result.generator(),
        result.payload(),
        null,
        1,
        result.run(),
        true,
        false,
        result.createdAt());
  }

  @Test
  void failsWhenStoreIsUnavailable() {
    ResultsByAge unavailable =
        (time, after, limit) -> {
          throw new StoreUnavailable("unavailable");
        };
    assertThatThrownBy(sweep(unavailable)::run).isInstanceOf(StoreUnavailable.class);
  }
}
