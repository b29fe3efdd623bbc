package dev.docket.console;

import static dev.docket.manual.FormSamples.field;
import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.document.DocumentSamples;
import dev.docket.manual.FormSamples;
import dev.docket.manual.KeyCount;
import dev.docket.manual.ManualPage;
import dev.docket.manual.ManualPosition;
import dev.docket.manual.Person;
import dev.docket.manual.TaskForm;
import dev.docket.service.ValueType;
import dev.docket.task.Lease;
import dev.docket.task.Run;
import dev.docket.task.Task;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskSamples;
import dev.docket.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The HTML of the pages for people who do tasks. */
final class ManualPagesTest {

  private static final Map<String, Object> METADATA =
      Map.of("title", "Letter to \u05e9\u05e8\u05d4 <b>");

  private static final Instant NOW = DocumentSamples.CREATED.plus(Duration.ofDays(2));
  private static final PageReader ADA = new PageReader(new Person("Ada"), true);
  private static final PageReader NOBODY = new PageReader(null, false);
  private static final String ATTACK = "\"><script>alert(1)</script>&'\u202E";
  private static final TaskForm FORM =
      new TaskForm(
          new TaskKey("TRANSCRIBE"),
          "Transcribe a letter",
          "One line",
          "Write what you see.\nLeave out stamps.",
          List.of(
              FormSamples.described(
                  "text", "Text of the letter", "Line by line", ValueType.TEXT, "text/plain"),
              field("pages", ValueType.INTEGER, true),
              field("score", ValueType.NUMBER, false),
              field("signed", ValueType.BOOLEAN, false),
              field("hand", ValueType.STRING, false, "legible", "illegible"),
              field("names", ValueType.ARRAY, false),
              field(ATTACK, ValueType.STRING, false)));

  private final PageTemplates templates = new PageTemplates();

  private static Task open(String target) {
    Task task =
        TaskSamples.task(
            DocumentSamples.document(target),
            "TRANSCRIBE",
            DocumentSamples.CREATED,
            Map.of("language", "nl", "hint", ATTACK));
    return TaskSamples.changed(task, builder -> builder.run.protocol = Run.MANUAL);
  }

  private static Task claimed(Task task, String worker) {
    return TaskSamples.changed(
        task,
        builder -> {
          builder.state = TaskState.PROCESSING;
          builder.run.startedAt = NOW.minus(Duration.ofMinutes(40));
          builder.run.lease = Lease.unlimited(worker, "secret-claim");
        });
  }

  private String list(
      PageReader reader, List<Task> mine, List<Task> open, @Nullable String notice) {
    ManualPosition more = open.size() < 20 ? null : ManualPosition.of(open.get(0));
    return templates.render(
        "manual",
        Map.of(
            "list",
            new TaskListPage(
                reader,
                reader.known() ? new ManualPage(mine, null) : null,
                new ManualPage(open, more),
                open.isEmpty()
                    ? List.of()
                    : List.of(
                        new KeyCount(new TaskKey("SCAN"), 3),
                        new KeyCount(new TaskKey("TRANSCRIBE"), open.size())),
                null,
                true,
                notice,
                "",
                NOW)));
  }

  private String task(Task task, PageReader reader, TaskForm form, Map<String, String> input) {
    return task(task, reader, OutputForm.of(form, new FormBody(input)), null);
  }

  private String task(Task task, PageReader reader, OutputForm form, @Nullable String problem) {
    return templates.render(
        "task",
        Map.of("page", new TaskPage(task, METADATA, reader, form, problem, "", "../../", NOW)));
  }

  @Test
  void listShowsOpenTasksAndThoseOfThePerson() {
    String html =
        list(ADA, List.of(claimed(open("letter 1"), "Ada")), List.of(open("letter 2")), null);

    assertThat(html).contains("letter 1").contains("letter 2").contains("SCAN (3)");
    assertThat(html).contains("href=\"manual/task/").contains("manual?key=SCAN");
    assertThat(html).doesNotContain("Your name").doesNotContain("secret-claim");
  }

  @Test
  void taskShowsMetadataOfItsDocument() {
    String html = task(open("letter"), ADA, FORM, Map.of());

    assertThat(html).contains("title").contains("Letter to \u05e9\u05e8\u05d4 &lt;b");
    assertThat(html).doesNotContain("<b>");
  }

  @Test
  void emptyListSaysSo() {
    assertThat(list(ADA, List.of(), List.of(), "The task is completed."))
        .contains("No task waits for a person.")
        .contains("You have claimed no task.")
        .contains("The task is completed.");
  }

  @Test
  void personWithoutNameIsAskedForIt() {
    assertThat(list(NOBODY, List.of(), List.of(open("x")), null))
        .contains("action=\"manual/name\"")
        .doesNotContain("Your tasks");
    assertThat(task(open("x"), NOBODY, FORM, Map.of()))
        .contains("action=\"../../manual/name\"")
        .doesNotContain("/claim\"");
  }

  @Test
  void longListHasNextPage() {
    List<Task> many = IntStream.range(0, 25).mapToObj(i -> open("letter " + i)).toList();
    assertThat(list(ADA, List.of(), many, null)).contains("Next page").contains("?cursor=");
  }

  @Test
  void taskThatWaitsForTheLimitsOfItsKeyCannotBeClaimed() {
    Task waiting = TaskSamples.changed(open("letter"), builder -> builder.run.limitedSince = NOW);
    assertThat(task(waiting, ADA, FORM, Map.of()))
        .contains("the key TRANSCRIBE is paused or limited")
        .contains("/explain\"")
        .doesNotContain("Claim this task");
  }

  @Test
  void openTaskCanBeClaimed() {
    Task task = open("letter");
    String html = task(task, ADA, FORM, Map.of());

    assertThat(html)
        .contains("action=\"../../manual/task/" + task.id().value() + "/claim\"")
        .contains("Write what you see.")
        .doesNotContain("/complete\"")
        .doesNotContain(task.run().token());
  }

  @Test
  void claimedTaskHasFormOfItsOutputs() {
    Task task = claimed(open("letter"), "Ada");
    String html = task(task, ADA, FORM, Map.of("output.pages", "3", "output.hand", "\"legible\""));

    assertThat(html)
        .contains("<textarea id=\"output-0\" name=\"output.text\"")
        .contains("Text of the letter")
        .contains("As text/plain.")
        .contains("value=\"3\"")
        .contains("<option value=\"true\">Yes</option>")
        .contains("selected>legible</option>")
        .contains("/complete\"")
        .contains("/give_back\"")
        .contains("/fail\"");
    assertThat(html).doesNotContain("secret-claim").doesNotContain(task.run().token());
  }

  @Test
  void escapesTextFromOutside() {
    Task task = claimed(open(ATTACK), "Ada");
    String html =
        task(
            task,
            ADA,
            OutputForm.of(FORM, new FormBody(Map.of("output.text", "</textarea>" + ATTACK))),
            ATTACK);

    assertThat(html).doesNotContain("<script").doesNotContain("</textarea><");
    assertThat(list(ADA, List.of(task), List.of(open(ATTACK)), null)).doesNotContain("<script");
  }

  @Test
  void wrongInputIsMarkedAndKept() {
    OutputForm form =
        OutputForm.of(
                FORM, new FormBody(Map.of("output.pages", "many", "output.text", "Dear\nAda")))
            .checked();
    String html = task(claimed(open("letter"), "Ada"), ADA, form, "Correct it");

    assertThat(html).contains("Must be a whole number, such as 12.").contains("value=\"many\"");
    assertThat(html).contains("Dear\nAda</textarea>");
  }

  @Test
  void taskOfAnotherShowsItsHolderAndWhatWasEntered() {
    Task task = claimed(open("letter"), "Bob");
    assertThat(task(task, ADA, FORM, Map.of()))
        .contains("Bob</bdi> has claimed this task")
        .doesNotContain("<form");

    OutputForm form = OutputForm.of(FORM, new FormBody(Map.of("output.text", "my work")));
    assertThat(task(task, ADA, form, "Bob holds it"))
        .contains("What you had entered")
        .contains("my work</textarea>")
        .contains("readonly")
        .doesNotContain("<form");
  }

  @Test
  void endedTaskSaysHow() {
    Task task =
        TaskSamples.changed(
            open("letter"),
            builder -> {
              builder.state = TaskState.NOT_FOUND;
              builder.message = "the scan is missing";
            });
    assertThat(task(task, ADA, FORM, Map.of()))
        .contains("404 NOT_FOUND")
        .contains("the scan is missing")
        .doesNotContain("<form");
  }

  @Test
  void keyWithoutServiceHasOneTextForTheResult() {
    TaskForm free = new TaskForm(new TaskKey("TRANSCRIBE"), null, null, null, List.of());
    assertThat(task(claimed(open("letter"), "Ada"), ADA, free, Map.of()))
        .contains("name=\"result\"")
        .contains("value=\"json\"")
        .contains("<h1><bdi>TRANSCRIBE</bdi></h1>");
  }

  @Test
  void onlyWebAddressesAreLinks() {
    assertThat(page("https://example.org/a?b=c").link()).isEqualTo("https://example.org/a?b=c");
    assertThat(page("HTTP://example.org/").link()).isEqualTo("HTTP://example.org/");
    for (String other :
        List.of(
            "javascript:alert(1)", "file:///etc/passwd", "https:evil", "//example.org", "a b")) {
      assertThat(page(other).link()).as(other).isEmpty();
    }
  }

  private static TaskPage page(String url) {
    Task task =
        TaskSamples.task(DocumentSamples.document(url), "TRANSCRIBE", DocumentSamples.CREATED);
    return new TaskPage(
        task, METADATA, ADA, OutputForm.of(FORM, new FormBody(Map.of())), null, "", "", NOW);
  }
}
