package dev.docket.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.broker.BrokerNames;
import dev.docket.broker.ReplyHandler.AckDecision;
import dev.docket.protocol.docket.DocketProtocol;
import dev.docket.simulation.CrashingProxy;
import dev.docket.simulation.InMemoryServer;
import dev.docket.store.StoreUnavailable;
import dev.docket.task.CurrentDocuments;
import dev.docket.task.MemoryTaskStore;
import dev.docket.task.TaskId;
import dev.docket.task.TaskNotFound;
import dev.docket.task.TaskSamples;
import dev.docket.task.TaskService;
import dev.docket.task.TaskStore;
import dev.docket.wire.RunId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What becomes of replies: processed, kept for later, or put aside. */
final class TaskReplyHandlerTest {

  private static final String UNKNOWN_RUN = new RunId("unknown", 1, "0".repeat(32)).toString();

  private final MemoryTaskStore store = new MemoryTaskStore();

  private AckDecision handle(CrashingProxy proxy, String correlationId) {
    TaskService tasks =
        new TaskService(
            proxy.wrap(TaskStore.class, store),
            new InMemoryServer(new InMemoryServer.SharedBackends()),
            () -> TaskSamples.context(Instant.EPOCH),
            (task, effects) -> CompletableFuture.completedStage(List.of()),
            CurrentDocuments.NEVER_CHANGED,
            List.of());
    WorkerProtocols protocols =
        WorkerProtocols.of(new BrokerNames(""), List.of(DocketProtocol::new));
    return new TaskReplyHandler(tasks, protocols)
        .handle(correlationId, "{}".getBytes(StandardCharsets.UTF_8))
        .toCompletableFuture()
        .join();
  }

  private AckDecision handleAfter(RuntimeException failure) {
    return handle(
        (call, isAsynchronous, work) -> CompletableFuture.failedStage(failure), UNKNOWN_RUN);
  }

  @Test
  void replyWaitsWhileStoreIsUnavailable() {
    assertThat(handleAfter(new StoreUnavailable("down"))).isEqualTo(AckDecision.RETRY_LATER);
  }

  @Test
  void replyWaitsAfterUnexpectedFailure() {
    assertThat(handleAfter(new IllegalStateException("a fault")))
        .isEqualTo(AckDecision.RETRY_LATER);
  }

  @Test
  void replyToMissingTaskIsAcknowledged() {
    assertThat(handle(CrashingProxy.PASS_THROUGH, UNKNOWN_RUN)).isEqualTo(AckDecision.ACKNOWLEDGE);
    assertThat(handleAfter(new TaskNotFound(new TaskId("unknown"))))
        .isEqualTo(AckDecision.ACKNOWLEDGE);
  }

  @Test
  void replyWithoutTaskIsPutAside() {
    assertThat(handle(CrashingProxy.PASS_THROUGH, "no run")).isEqualTo(AckDecision.DEAD_LETTER);
  }
}
