package dev.docket.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Runs scenarios in which the server fails at each of its calls to a port: it crashes, or the call
 * or its response is lost. A server that starts afterwards must bring every accepted task to its
 * end.
 */
final class CrashAtEveryStepTest {

  @TestFactory
  Stream<DynamicContainer> singleTasksSurviveFailureOfEachCall() {
    return TaskScenario.singleTask().stream().map(scenario -> atEachCall(scenario, 1));
  }

  @TestFactory
  Stream<DynamicContainer> limitedKeysSurviveFailureOfEachCall() {
    return TaskScenario.limitedKey().stream().map(scenario -> atEachCall(scenario, 1));
  }

  @TestFactory
  Stream<DynamicContainer> dependentTasksSurviveFailureOfEachCall() {
    return TaskScenario.dependentTasks().stream().map(scenario -> atEachCall(scenario, 1));
  }

  @TestFactory
  Stream<DynamicContainer> manyDependentsSurviveFailureOfSomeCalls() {
    return TaskScenario.manyDependents().stream().map(scenario -> atEachCall(scenario, 211));
  }

  /** One server crashes at a call of the scenario, and another at a call of the recovery. */
  @TestFactory
  Stream<DynamicTest> tasksSurviveTwoCrashes() {
    return Stream.of(
            TaskScenario.singleTask(), TaskScenario.limitedKey(), TaskScenario.dependentTasks())
        .flatMap(List::stream)
        .map(
            scenario ->
                DynamicTest.dynamicTest(
                    scenario.name(),
                    () -> {
                      int calls = callsWithoutFailure(scenario).size();
                      for (int first = 1; first <= calls; first += 2) {
                        for (int second = 2; second <= 32; second += 6) {
                          ScenarioActors actors =
                              new ScenarioActors(
                                  new CrashPoint(CrashPoint.FailureMode.CRASH_AFTER, first), false);
                          scenario.script().accept(actors);
                          Recovery.verifyAfterAnotherCrash(
                              actors.shared,
                              new CrashPoint(CrashPoint.FailureMode.CRASH_BEFORE, second));
                        }
                      }
                    }));
  }

  /**
   * One test for each failure mode and call, with and without clients that retry.
   *
   * @param stride tests every stride-th call
   */
  private static DynamicContainer atEachCall(TaskScenario scenario, int stride) {
    List<String> calls = callsWithoutFailure(scenario);
    assertThat(calls).as(scenario.name()).isNotEmpty();
    List<DynamicTest> tests = new ArrayList<>();
    for (CrashPoint.FailureMode failureMode : CrashPoint.FailureMode.values()) {
      for (int at = 1; at <= calls.size(); at += stride) {
        for (boolean clientsRetry : new boolean[] {true, false}) {
          int call = at;
          String name =
              "%s: %s call %d, %s%s"
                  .formatted(
                      scenario.name(),
                      failureMode.description,
                      at,
                      calls.get(at - 1),
                      clientsRetry ? "; clients retry" : "");
          tests.add(
              DynamicTest.dynamicTest(
                  name, () -> runWithFailure(scenario, failureMode, call, clientsRetry)));
        }
      }
    }
    return DynamicContainer.dynamicContainer(scenario.name(), tests);
  }

  private static List<String> callsWithoutFailure(TaskScenario scenario) {
    CrashPoint crashPoint = CrashPoint.none();
    ScenarioActors actors = new ScenarioActors(crashPoint, true);
    scenario.script().accept(actors);
    List<String> calls = List.copyOf(crashPoint.calls);
    Recovery.verify(actors.shared);
    return calls;
  }

  private static void runWithFailure(
      TaskScenario scenario, CrashPoint.FailureMode failureMode, int call, boolean clientsRetry) {
    ScenarioActors actors = new ScenarioActors(new CrashPoint(failureMode, call), clientsRetry);
    scenario.script().accept(actors);
    Recovery.verify(actors.shared);
  }
}
