package dev.docket.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.document.DocumentSamples;
import dev.docket.drift.Drift;
import dev.docket.explain.Explanation;
import dev.docket.task.Lease;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskSamples;
import dev.docket.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OverviewPageTest {

  private static final Instant NOW = DocumentSamples.CREATED.plus(Duration.ofDays(1));
  private static final TaskKey ASR = new TaskKey("ASR");

  private static final Task TASK = TaskSamples.task("ASR");

  private final OverviewPage page = new OverviewPage(new PageTemplates());

  private static Overview overview(
      @Nullable String error, List<Problem> problems, @Nullable List<Task> tasks) {
    return new Overview(
        NOW,
        "1.2.3",
        error,
        error,
        NOW.minusSeconds(3),
        problems,
        tasks,
        tasks,
        tasks == null ? 0 : tasks.size(),
        KeyRow.of(
            List.of(
                ProblemFinderTest.open(ASR, TaskState.NO_ROUTE_TO_QUEUE, 12, Duration.ofHours(3))),
            List.of(),
            null,
            null),
        error == null
            ? new Drift(NOW, true, null, null, false, 0L, 0L, List.of())
            : Drift.unknown(false, error, List.of(), Map.of()));
  }

  private static Task failed(String text) {
    return TaskSamples.changed(
        TASK,
        builder -> {
          builder.state = TaskState.ERROR;
          builder.message = text;
          builder.run.lease = new Lease(text, "claim", 30, NOW, false, null, null);
          builder.run.finishedAt = NOW.minusSeconds(60);
        });
  }

  private static Problem unroutable(String summary) {
    return new Problem(Problem.Kind.UNROUTABLE, ASR, 12, NOW.minusSeconds(7200), null)
        .explainedBy(
            new Explanation(
                new TaskId("t-1"), ASR, 422, "NO_ROUTE_TO_QUEUE", NOW, summary, List.of()));
  }

  @Test
  void saysWhatIsStuckWhyAndWhatToDo() {
    String html = page.overview(overview(null, List.of(unroutable("No queue.")), List.of()));

    assertThat(html)
        .contains("<title>(1) Docket</title>")
        .contains("1 thing needs attention.")
        .contains("ASR: 12 tasks, no queue is bound")
        .contains("The oldest has waited for 2 hours.")
        .contains("Start a worker for this key")
        .contains("<a href=\"task/t-1/explain\">")
        .contains("No queue.")
        .contains("Elasticsearch: <span class=\"good\">available");
  }

  @Test
  void saysThatNothingIsStuck() {
    assertThat(page.overview(overview(null, List.of(), List.of())))
        .contains("Nothing is stuck.")
        .contains("<title>Docket</title>");
  }

  @Test
  void doesNotClaimToKnowWhatWasNotRead() {
    assertThat(page.overview(overview("refused", List.of(), null)))
        .doesNotContain("Nothing is stuck.")
        .contains("unavailable</span>: <bdi>refused</bdi>")
        .contains("Unknown: Elasticsearch did not answer in time.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<script>alert(1)</script>",
        "</style><img src=x onerror=alert(1)>",
        "\"><a href='javascript:alert(1)'>",
        "\u202egnp.exe\u0000\u001b[2J\u2066",
        "</bdi></td></table><!--"
      })
  void textFromOutsideStaysText(String text) {
    String harmless = page.overview(overview("x", List.of(unroutable("x")), List.of(failed("x"))));

    String html = page.overview(overview(text, List.of(unroutable(text)), List.of(failed(text))));

    assertThat(tags(html)).isEqualTo(tags(harmless));
    assertThat(html.chars().filter(c -> c < ' ' && c != '\n')).isEmpty();
    assertThat(html).doesNotContain("\u202e").doesNotContain("\u2066");
  }

  private static List<String> tags(String html) {
    return Pattern.compile("<[^>]*>").matcher(html).results().map(m -> m.group()).toList();
  }

  @Test
  void longMessagesStayShort() {
    String text = "<".repeat(56 * 1024);

    String html = page.overview(overview(text, List.of(unroutable(text)), List.of(failed(text))));

    assertThat(html.length()).isLessThan(30_000);
    assertThat(html).contains("&lt;&lt;…");
  }

  @Test
  void policyAllowsTheStyleSheetOnly() {
    assertThat(page.policy())
        .startsWith("default-src 'none'; style-src 'sha256-")
        .doesNotContain("unsafe");
    assertThat(page.overview(overview(null, List.of(), List.of())))
        .containsOnlyOnce("<style>")
        .doesNotContain("style=\"")
        .doesNotContain("<script")
        .doesNotContain("//");
  }
}
