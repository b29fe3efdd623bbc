package dev.docket.task.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.task.Task;
import dev.docket.task.TaskState;
import dev.docket.task.WorkerInstance;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Runs whose worker has gone. */
class LeaseTransitionsTest {

  private static final WorkerInstance PROCESS = new WorkerInstance("process-1", "site-a");

  private final TaskScenario scenario = TaskScenario.queued();

  private Task grant() {
    return scenario.assertChanged(
        Command.Claim.forPoll(new Reporter(scenario.task.run().ref(), "c1", "w"), PROCESS, 5));
  }

  private Task claim() {
    return scenario.assertChanged(
        Command.Claim.byWorker(new Reporter(scenario.task.run().ref(), "c1", "w"), PROCESS));
  }

  private Task loseGrant() {
    grant();
    return scenario.assertChanged(new Command.LeaseLost());
  }

  private Command heartbeat() {
    return new Command.Heartbeat(new Reporter(scenario.task.run().ref(), "c1", "w"));
  }

  @Test
  void unreportedGrantIsGivenBackWithoutFailure() {
    Task task = loseGrant();

    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(task.run().failures()).isZero();
    assertThat(task.run().unreportedGrants()).isEqualTo(1);
    assertThat(task.message()).isEqualTo("no report from worker w within 5 s of the claim");
  }

  @Test
  void thirdUnreportedGrantInARowIsAFailureWithBackoff() {
    loseGrant();
    assertThat(loseGrant().run().unreportedGrants()).isEqualTo(2);

    Task task = loseGrant();

    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(task.run().failures()).isEqualTo(1);
    assertThat(task.run().unreportedGrants()).isZero();
    assertThat(task.run().dueAt()).isAfter(scenario.now.plusSeconds(5));
    assertThat(task.message()).contains("3 times in a row", "failure 1 of 3");
  }

  @Test
  void taskThatIsNeverReportedOnFailsInTheEnd() {
    int grants = 0;
    while (!scenario.task.state().isFinished()) {
      loseGrant();
      grants++;
    }

    assertThat(grants).isEqualTo(9);
    assertThat(scenario.task.state()).isEqualTo(TaskState.ERROR);
    assertThat(scenario.task.run().failures()).isEqualTo(3);
  }

  @Test
  void reportStartsTheCountAgain() {
    loseGrant();
    loseGrant();
    grant();

    scenario.assertChanged(heartbeat());

    assertThat(scenario.task.run().unreportedGrants()).isZero();
    assertThat(scenario.task.run().lease().provisional()).isFalse();
    assertThat(scenario.task.run().lease().silenceTimeout()).isEqualTo(Duration.ofSeconds(90));
  }

  @Test
  void claimOfAWorkerStartsTheCountAgain() {
    loseGrant();
    loseGrant();

    assertThat(claim().run().unreportedGrants()).isZero();
  }

  @Test
  void retryStartsTheCountAgain() {
    loseGrant();
    loseGrant();

    assertThat(scenario.assertChanged(new Command.ForceRetry("ann")).run().unreportedGrants())
        .isZero();
  }

  @Test
  void undeliveredGrantNeitherCountsNorStartsTheCountAgain() {
    loseGrant();
    grant();

    Task task =
        scenario.assertChanged(
            new Command.Undelivered(new Reporter(scenario.task.run().ref(), "c1", "w")));

    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(task.run().failures()).isZero();
    assertThat(task.run().unreportedGrants()).isEqualTo(1);
  }

  @Test
  void grantThatWasReportedOnWasDelivered() {
    grant();
    scenario.assertChanged(heartbeat());

    scenario.assertUnchanged(
        new Command.Undelivered(new Reporter(scenario.task.run().ref(), "c1", "w")));
  }

  @Test
  void replacedProcessLosesItsRun() {
    claim();

    Task task = scenario.assertChanged(new Command.InstanceReplaced(PROCESS));

    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(task.run().attempt()).isEqualTo(2);
    assertThat(task.run().failures()).isEqualTo(1);
    assertThat(task.run().dueAt()).isNotNull();
    assertThat(task.message()).contains("worker w was restarted during the run");
    scenario.assertUnchanged(new Command.InstanceReplaced(PROCESS));
  }

  @Test
  void replacedProcessLosesUnreportedGrantWithoutFailure() {
    grant();

    Task task = scenario.assertChanged(new Command.InstanceReplaced(PROCESS));

    assertThat(task.run().failures()).isZero();
    assertThat(task.run().unreportedGrants()).isEqualTo(1);
  }

  @Test
  void processOfAnotherCallerKeepsItsRun() {
    claim();

    scenario.assertUnchanged(
        new Command.InstanceReplaced(new WorkerInstance(PROCESS.id(), "site-b")));
    scenario.assertUnchanged(
        new Command.InstanceReplaced(new WorkerInstance("process-2", PROCESS.principal())));
  }

  @Test
  void nameAloneTakesNoLease() {
    scenario.assertChanged(scenario.claim("c1"));

    scenario.assertUnchanged(new Command.InstanceReplaced(PROCESS));
  }

  @Test
  void replacedProcessThatWasToStopCancelsTheTask() {
    claim();
    scenario.execute(new Command.Cancel("ann"));

    assertThat(scenario.assertChanged(new Command.InstanceReplaced(PROCESS)).state())
        .isEqualTo(TaskState.CANCELLED);
  }
}
