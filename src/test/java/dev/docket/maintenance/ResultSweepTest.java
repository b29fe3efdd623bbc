package dev.docket.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.docket.result.Result;
import dev.docket.simulation.InMemoryServer;
import dev.docket.store.Versioned;
import dev.docket.task.ResultDraft;
import dev.docket.task.ResultId;
import dev.docket.task.ResultRun;
import dev.docket.task.RunRef;
import dev.docket.task.Task;
import dev.docket.task.TaskKey;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Reporter;
import dev.docket.task.machine.RunEnd;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ResultSweepTest {

  private final InMemoryServer server = new InMemoryServer(new InMemoryServer.SharedBackends());
  private final Task task = create("ASR");

  private Task create(String key) {
    server.shared.policies.put(TaskKey.fromString(key), PayloadSweepTest.LATE);
    return server.create(server.document("film"), key);
  }

  /** Stores a result of a run that the task does not list, as a server that was too slow does. */
  private Result storeUnlisted(int number) {
    ResultRun run = new ResultRun(1, "closed", null, 1, List.of());
    Result result =
        Result.of(
            task,
            run,
            new ResultId("late-" + number),
            new ResultDraft(TextNode.valueOf("late"), Map.of()),
            server.shared.now);
    server.shared.results.create(result, null).toCompletableFuture().join();
    return result;
  }

  private void complete() {
    server.execute(
        task.id(),
        new Command.Complete(
            new Reporter(new RunRef(1, task.run().token()), null, "w"),
            RunEnd.of("done"),
            List.of(new ResultDraft(TextNode.valueOf("words"), Map.of())),
            null));
  }

  private List<ResultId> stored() {
    return server.shared.results.all().stream().map(found -> found.value().id()).toList();
  }

  private void sweepAfter(Duration time) {
    server.advanceClock(time);
    server.resultSweep.run();
  }

  @Test
  void deletesOldResultsThatNoTaskLists() {
    complete();
    ResultId listed = server.task(task.id()).latestResults().resultIds(task.id()).get(0);
    Result unlisted = storeUnlisted(1);

    sweepAfter(SweepPass.MIN_AGE);
    assertThat(stored()).containsExactlyInAnyOrder(listed, unlisted.id());

    sweepAfter(SweepPass.INTERVAL);
    assertThat(stored()).containsExactly(listed);
  }

  @Test
  void keepsPendingResults() {
    ResultId pending =
        server
            .saved
            .note(task.id(), new byte[] {1})
            .thenCompose(
                noted ->
                    server.saved.store(noted, new ResultDraft(TextNode.valueOf("saved"), Map.of())))
            .toCompletableFuture()
            .join();

    sweepAfter(SweepPass.MIN_AGE.plusSeconds(1));

    assertThat(stored()).containsExactly(pending);
  }

  @Test
  void correctsMarks() {
    complete();
    server.shared.results.mark(stored().get(0), false, false).toCompletableFuture().join();

    sweepAfter(SweepPass.MIN_AGE.plusSeconds(1));

    assertThat(server.shared.results.all())
        .extracting(Versioned::value)
        .allMatch(result -> result.visible() && result.latest())
        .hasSize(1);
  }

  @Test
  void checksSomePagesAndContinuesThere() {
    int perRun = ResultSweep.PAGE_SIZE * SweepPass.MAX_PAGES;
    IntStream.range(0, perRun + 1).forEach(this::storeUnlisted);

    sweepAfter(SweepPass.MIN_AGE.plusSeconds(1));
    assertThat(stored()).hasSize(1);

    sweepAfter(Duration.ZERO);
    assertThat(stored()).isEmpty();
  }
}
