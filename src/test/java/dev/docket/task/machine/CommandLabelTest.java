package dev.docket.task.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Histories, logs and refusals contain the labels of commands. */
class CommandLabelTest {

  @Test
  void namesEveryCommand() {
    assertThat(commands(Command.class))
        .extracting(type -> type.getSimpleName() + " " + CommandLabel.of(type))
        .containsExactlyInAnyOrder(
            "Confirm confirm",
            "Unroutable unroutable",
            "Claim claim",
            "Started started",
            "Progress progress",
            "Heartbeat heartbeat",
            "Complete complete",
            "Fail fail",
            "GiveBack give_back",
            "Undelivered undelivered",
            "CancelConfirmed cancel_confirmed",
            "InstanceReplaced instance_replaced",
            "SaveResult save_result",
            "RemoveResults remove_results",
            "TrimResults trim_results",
            "Publish publish",
            "Admit admit",
            "Fence fence",
            "LeaseLost lease_lost",
            "TimedOut timed_out",
            "Unanswered unanswered",
            "Redispatch redispatch",
            "TakeOverdue take_overdue",
            "MassReset reset",
            "Unstorable unstorable",
            "Retry retry",
            "RetryNow retry",
            "ForceRetry forceretry",
            "Reset reset",
            "Cancel cancel",
            "Expire expire",
            "Delete delete",
            "DependencyDone dependency_done",
            "DependencyFailed dependency_failed",
            "InCycle in_cycle",
            "AddDependent add_dependent",
            "EffectsDone effects_done");
  }

  private static List<Class<?>> commands(Class<?> type) {
    List<Class<?>> found = new ArrayList<>();
    for (Class<?> permitted : type.getPermittedSubclasses()) {
      if (permitted.isRecord()) {
        found.add(permitted);
      } else {
        found.addAll(commands(permitted));
      }
    }
    // A command may be of several kinds.
    return found.stream().distinct().toList();
  }
}
