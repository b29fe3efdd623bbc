package dev.docket.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.worker.testkit.TestRun;
import dev.docket.worker.testkit.TestTask;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TaskHandlerTest {

  record Args(String language, int beams, List<Segment> segments) {
    Args {
      if (beams > 10) {
        throw new IllegalArgumentException("beams: at most 10");
      }
    }
  }

  record Segment(double from) {}

  private final TaskHandler handler =
      TaskHandler.typed(
          Args.class, (args, task, context) -> Outcome.success(task.key() + " " + args));

  @Test
  void readsArgumentsIntoClass() {
    TestRun run =
        TestTask.ofKey("ASR")
            .arg("language", "nl")
            .arg("beams", 4)
            .arg("segments", List.of(Map.of("from", 1.5)))
            .run(handler);
    assertThat(run.state()).isEqualTo(200);
    assertThat(run.message())
        .isEqualTo("ASR Args[language=nl, beams=4, segments=[Segment[from=1.5]]]");
  }

  @Test
  void unreadableArgumentEndsWith400AndFieldName() {
    TestRun run =
        TestTask.ofKey("ASR").arg("segments", List.of(Map.of("from", "soon"))).run(handler);
    assertThat(run.state()).isEqualTo(400);
    assertThat(run.message()).startsWith("args.segments[0].from: ").contains("soon");
  }

  @Test
  void unknownArgumentEndsWith400AndFieldName() {
    TestRun run = TestTask.ofKey("ASR").arg("langage", "nl").run(handler);
    assertThat(run.state()).isEqualTo(400);
    assertThat(run.message()).startsWith("args.langage: ");
  }

  @Test
  void argumentRejectedByClassEndsWith400() {
    TestRun run = TestTask.ofKey("ASR").arg("beams", 11).run(handler);
    assertThat(run.state()).isEqualTo(400);
    assertThat(run.message()).contains("beams: at most 10");
  }

  @Test
  void illegalArgumentThrownByHandlerEndsWith500() {
    TestRun run =
        TestTask.ofKey("ASR")
            .run(
                TaskHandler.typed(
                    Args.class,
                    (args, task, context) -> {
                      throw new IllegalArgumentException("a bug");
                    }));
    assertThat(run.state()).isEqualTo(500);
  }
}
