package dev.docket.task.machine;

import dev.docket.task.Lease;
import dev.docket.task.Policy;
import dev.docket.task.Task;
import dev.docket.task.TaskState;
import org.jspecify.annotations.Nullable;

/**
 * Transitions of runs whose worker has gone. The loss of a lease counts as a failure. A run that a
 * poll granted and on which the worker never reported may not have reached it, so only several in a
 * row count: else a task that kills its worker at once would be granted forever.
 */
final class LeaseTransitions {

  static final String LEASE_LOST = "lease_lost";

  private LeaseTransitions() {}

  /** The worker sent no report for too long. */
  static Decision leaseLost(Task task, Policy policy, DecisionContext context) {
    Lease lease = heldLease(task);
    if (lease == null || task.run().isManual()) {
      return new Decision.Unchanged(task);
    }
    String message =
        lease.provisional()
            ? "no report from worker "
                + lease.worker()
                + " within "
                + lease.silenceTimeout().toSeconds()
                + " s of the claim"
            : "worker lost: no report from " + lease.worker();
    return lost(task, lease, message, policy, context);
  }

  /** Another process of the worker has taken the place of the one that holds the lease. */
  static Decision instanceReplaced(
      Task task, Command.InstanceReplaced command, Policy policy, DecisionContext context) {
    Lease lease = heldLease(task);
    if (lease == null || !command.former().equals(lease.instance())) {
      return new Decision.Unchanged(task);
    }
    String message =
        "worker "
            + lease.worker()
            + " was restarted"
            + (lease.provisional() ? " before it reported on the task" : " during the run");
    return lost(task, lease, message, policy, context);
  }

  private static @Nullable Lease heldLease(Task task) {
    return task.state() == TaskState.PROCESSING ? task.run().lease() : null;
  }

  private static Decision lost(
      Task task, Lease lease, String message, Policy policy, DecisionContext context) {
    TaskBuilder builder = new TaskBuilder(task, context);
    if (task.run().cancelRequestedAt() != null) {
      builder.end(TaskState.CANCELLED, LEASE_LOST, message);
    } else if (lease.provisional()
        && task.run().unreportedGrants() + 1 < TaskMachine.MAX_UNREPORTED_GRANTS) {
      builder.run.unreportedGrants++;
      RunEndTransitions.giveBack(builder, LEASE_LOST, message);
    } else {
      String repeated =
          lease.provisional()
              ? message + ", " + TaskMachine.MAX_UNREPORTED_GRANTS + " times in a row"
              : message;
      builder.run.unreportedGrants = 0;
      RunEndTransitions.failed(
          builder, task, policy, context, true, TaskState.ERROR, null, LEASE_LOST, repeated);
    }
    return new Decision.Changed(builder.build());
  }

  /**
   * The poll's response did not reach the worker, which says nothing about the task. If the worker
   * has reported since, the response reached it after all.
   */
  static Decision undelivered(Task task, String by, DecisionContext context) {
    Lease lease = heldLease(task);
    if (lease == null || !lease.provisional()) {
      return new Decision.Unchanged(task);
    }
    TaskBuilder builder = new TaskBuilder(task, context);
    RunEndTransitions.giveBack(
        builder, by, "the worker disconnected before it received the response to its poll");
    return new Decision.Changed(builder.build());
  }
}
