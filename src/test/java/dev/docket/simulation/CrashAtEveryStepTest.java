package dev.docket.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Lives of tasks, and a server that dies, or loses a call or its answer, at each of its calls to
 * the outside. Whoever comes after it brings all that was accepted to its end.
 */
final class CrashAtEveryStepTest {

  @TestFactory
  Stream<DynamicContainer> aTaskAlone() {
    return TaskLifecycles.alone().stream().map(life -> atEachStep(life, 1));
  }

  @TestFactory
  Stream<DynamicContainer> tasksTogether() {
    return TaskLifecycles.together().stream().map(life -> atEachStep(life, 1));
  }

  @TestFactory
  Stream<DynamicContainer> crowds() {
    return TaskLifecycles.crowded().stream().map(life -> atEachStep(life, 211));
  }

  /** At each step of a life one server dies, and at each step of the repair another. */
  @TestFactory
  Stream<DynamicTest> twoDeaths() {
    return Stream.concat(TaskLifecycles.alone().stream(), TaskLifecycles.together().stream())
        .map(
            life ->
                DynamicTest.dynamicTest(
                    life.name(),
                    () -> {
                      int calls = untroubled(life).size();
                      for (int first = 1; first <= calls; first += 2) {
                        for (int second = 2; second <= 32; second += 6) {
                          ScenarioActors actors =
                              new ScenarioActors(
                                  new CrashPoint(CrashPoint.AckDecision.DIES_AFTER, first), false);
                          life.script().accept(actors);
                          Recovery.withAnotherDeath(
                              actors.shared,
                              new CrashPoint(CrashPoint.AckDecision.DIES_BEFORE, second));
                        }
                      }
                    }));
  }

  /** The calls are counted in a life without trouble; one after it would not come. */
  private static DynamicContainer atEachStep(TaskLifecycles life, int stride) {
    List<String> calls = untroubled(life);
    assertThat(calls).as(life.name()).isNotEmpty();
    List<DynamicTest> tests = new ArrayList<>();
    for (CrashPoint.AckDecision fate : CrashPoint.AckDecision.values()) {
      for (int at = 1; at <= calls.size(); at += stride) {
        for (boolean patient : new boolean[] {true, false}) {
          int call = at;
          String name =
              "%s: %s call %d, %s%s"
                  .formatted(
                      life.name(),
                      fate.words,
                      at,
                      calls.get(at - 1),
                      patient ? "; it is said again" : "");
          tests.add(DynamicTest.dynamicTest(name, () -> live(life, fate, call, patient)));
        }
      }
    }
    return DynamicContainer.dynamicContainer(life.name(), tests);
  }

  private static List<String> untroubled(TaskLifecycles life) {
    CrashPoint immortal = CrashPoint.immortal();
    ScenarioActors actors = new ScenarioActors(immortal, true);
    life.script().accept(actors);
    List<String> calls = List.copyOf(immortal.calls);
    Recovery.of(actors.shared);
    return calls;
  }

  private static void live(
      TaskLifecycles life, CrashPoint.AckDecision fate, int at, boolean patient) {
    ScenarioActors actors = new ScenarioActors(new CrashPoint(fate, at), patient);
    life.script().accept(actors);
    Recovery.of(actors.shared);
  }
}
