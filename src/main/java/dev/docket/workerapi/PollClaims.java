package dev.docket.workerapi;

import dev.docket.broker.TaskQueue;
import dev.docket.concurrent.Stages;
import dev.docket.protocol.MessageBody;
import dev.docket.task.Lease;
import dev.docket.task.Policies;
import dev.docket.task.RunRef;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskNotFound;
import dev.docket.task.TaskService;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Decision;
import dev.docket.task.machine.Reporter;
import dev.docket.wire.PollResponse;
import dev.docket.wire.RunId;
import dev.docket.wire.TaskMessage;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Claims the runs of the messages that a poll has received. */
final class PollClaims {

  private final TaskService tasks;
  private final Policies policies;

  PollClaims(TaskService tasks, Policies policies) {
    this.tasks = tasks;
    this.policies = policies;
  }

  /** Result of a claim: granted, failed, or rejected because the message is stale (both null). */
  record Result(PollResponse.@Nullable Granted granted, @Nullable Throwable failure) {}

  /** Claims the run of a message, then settles the message. The stage never fails. */
  CompletionStage<Result> claim(OpenPoll open, TaskQueue.Delivery delivery) {
    Poll poll = open.poll();
    RunId run = delivery.run();
    String claimId = poll.id() + "-" + run.run();
    Command claim =
        Command.Claim.forPoll(
            new Reporter(
                new RunRef(run.attempt(), run.run()), claimId, poll.worker(), open.caller().name()),
            poll.instanceOf(open.caller()),
            poll.firstReportSeconds());
    CompletionStage<Decision> pendingDecision;
    try {
      pendingDecision = tasks.execute(TaskId.fromString(run.task()), claim);
    } catch (IllegalArgumentException e) {
      delivery.acknowledge();
      return CompletableFuture.completedStage(new Result(null, null));
    }
    return pendingDecision.handle(
        (decision, failure) -> {
          if (failure != null && !(Stages.cause(failure) instanceof TaskNotFound)) {
            delivery.giveBack();
            return new Result(null, Stages.cause(failure));
          }
          delivery.acknowledge();
          boolean granted = decision != null && !decision.refused();
          return new Result(granted ? granted(decision.task()) : null, null);
        });
  }

  /** The response for a task whose claim was granted. */
  PollResponse.Granted granted(Task task) {
    Lease lease = Objects.requireNonNull(task.run().lease(), "a granted claim has a lease");
    TaskMessage message = MessageBody.of(task);
    Duration timeout = policies.of(task).timeout(task);
    return new PollResponse.Granted(
        message.task(),
        message.document(),
        task.run().attempt(),
        task.run().token(),
        lease.claimId(),
        lease.seconds(),
        timeout == null ? 0 : timeout.toSeconds());
  }
}
