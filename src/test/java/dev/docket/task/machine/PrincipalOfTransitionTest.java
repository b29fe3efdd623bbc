package dev.docket.task.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.task.Transition;
import dev.docket.task.WorkerInstance;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which transitions name the principal that caused them. */
final class PrincipalOfTransitionTest {

  private static Reporter reporter(TaskScenario scenario) {
    return new Reporter(scenario.task.run().ref(), "c1", "asr-3", "gpu-workers");
  }

  @Test
  void reportNamesPrincipalBesideWorker() {
    TaskScenario scenario = TaskScenario.queued();
    scenario.assertChanged(Command.Claim.byWorker(reporter(scenario), null));
    scenario.assertChanged(new Command.GiveBack(reporter(scenario), "shutting down"));

    List<Transition> history = scenario.task.history();

    assertThat(history.subList(history.size() - 2, history.size()))
        .extracting(Transition::by, Transition::principal)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("claim asr-3", "gpu-workers"),
            org.assertj.core.groups.Tuple.tuple("give_back asr-3", "gpu-workers"));
  }

  @Test
  void commandOfPersonNamesPrincipal() {
    TaskScenario scenario = TaskScenario.queued();
    scenario.assertChanged(new Command.Cancel("ann"));
    assertThat(scenario.lastTransition().principal()).isEqualTo("ann");

    scenario.assertChanged(new Command.ForceRetry("bob"));
    assertThat(scenario.lastTransition().principal()).isEqualTo("bob");

    scenario.assertChanged(new Command.Delete("cy"));
    assertThat(scenario.lastTransition().principal()).isEqualTo("cy");
  }

  @Test
  void replacedProcessNamesPrincipalOfItsSuccessor() {
    TaskScenario scenario = TaskScenario.queued();
    WorkerInstance instance = new WorkerInstance("i1", "gpu-workers");
    scenario.assertChanged(Command.Claim.byWorker(reporter(scenario), instance));

    scenario.assertChanged(new Command.InstanceReplaced(instance));

    assertThat(scenario.lastTransition().principal()).isEqualTo("gpu-workers");
  }

  @Test
  void transitionWithoutPrincipalNamesNone() {
    TaskScenario scenario = TaskScenario.queued();
    scenario.assertChanged(
        Command.Claim.byWorker(new Reporter(scenario.task.run().ref(), "c1", "w"), null));
    assertThat(scenario.lastTransition().principal()).isNull();

    scenario.assertChanged(new Command.Delete("document", null));
    assertThat(scenario.lastTransition().principal()).isNull();
  }
}
