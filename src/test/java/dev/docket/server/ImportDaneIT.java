package dev.docket.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.backends.junit.BackendsExtension;
import dev.docket.dialect.dane.importing.DaneSampleData;
import dev.docket.dialect.dane.importing.ImportReport;
import dev.docket.elastic.ElasticBackend;
import dev.docket.store.Versioned;
import dev.docket.task.OnDependencyFailure;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskState;
import dev.docket.task.machine.Effect;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Imports the data of a DANE site from a real Elasticsearch 7.17, and reads it through DANE's API.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ImportDaneIT {

  @RegisterExtension static final BackendsExtension BACKENDS = BackendsExtension.embedded();

  private static final String DOCUMENT = DaneSampleData.sha1("statesarchive");

  @TempDir static Path dir;

  private final DaneSampleData data = DaneSampleData.small();
  private final Map<String, Task> imported = new HashMap<>();
  private DaneElasticsearch dane;
  private ImportReport first;
  private ImportReport second;
  private DaneTestServer docket;

  @BeforeAll
  void importEverything() throws Exception {
    dane = new DaneElasticsearch(dir.resolve("dane"));
    dane.store(data);
    first = dane.importInto(config(), ZoneId.of("Europe/Amsterdam"), line -> {});
    readTasks();
    second = dane.importInto(config());
    docket = new DaneTestServer(BACKENDS);
  }

  @AfterAll
  void stop() {
    if (docket != null) {
      docket.close();
    }
    if (dane != null) {
      dane.close();
    }
  }

  private static String config() {
    return TestServer.config(
            BACKENDS.backends().elasticsearch(), BACKENDS.backends().amqp(), BACKENDS.prefix(), "")
        .replace("tasks: {", "tasks: {protocol: dane, ");
  }

  /** Before a server changes those that have not ended. */
  private void readTasks() throws Exception {
    ElasticConfig config = DaneElasticsearch.config(config()).elasticsearch();
    try (ElasticBackend elastic = new ElasticBackend(config.settings(), config.indices())) {
      List<TaskId> ids = data.ids("task").stream().map(TaskId::new).toList();
      for (Versioned<Task> each : elastic.tasks().find(ids).toCompletableFuture().join().values()) {
        imported.put(each.value().id().value(), each.value());
      }
    }
  }

  private static String taskId(String key) {
    return DaneSampleData.sha1(DOCUMENT + key);
  }

  private Task task(int state) {
    return imported.get(taskId("S" + state));
  }

  @Test
  void reportsWhatIsNotImported() {
    assertThat(first.text().lines())
        .contains(
            "documents           8          7          0             1",
            "tasks              21         18          0             3",
            "results            15         11          0             4");
    assertThat(first.text())
        .contains("DANE has no document that it belongs to; for example " + orphan())
        .doesNotContain("has changed during the import");
  }

  private String orphan() {
    return DaneSampleData.sha1("1111111111111111111111111111111111111111ORPHAN");
  }

  @Test
  void repeatedImportCreatesNothing() {
    assertThat(second.text().lines())
        .contains(
            "documents           8          0          7             1",
            "tasks              21          0         18             3",
            "results            15          0         11             4");
  }

  @Test
  void endedTasksKeepTheirStateAndNumber() {
    assertThat(task(200).state()).isEqualTo(TaskState.SUCCESS);
    assertThat(task(404).state()).isEqualTo(TaskState.NOT_FOUND);
    assertThat(task(418).state()).isEqualTo(TaskState.ERROR);
    assertThat(task(418).run().answeredState()).isEqualTo(418);
    assertThat(task(200).outbox()).isEmpty();
    assertThat(task(200).run().finishedAt())
        .as("noon in the summer of Amsterdam and some seconds")
        .isBetween(Instant.parse("2021-07-01T10:00:00Z"), Instant.parse("2021-07-01T10:05:00Z"));
  }

  @Test
  void tasksThatHadNotEndedAreSent() {
    for (int state : new int[] {102, 201, 205, 502, 503}) {
      Task task = task(state);
      assertThat(task.state()).as("%d", state).isEqualTo(TaskState.CREATED);
      assertThat(task.run().dueAt()).isNull();
      assertThat(task.outbox()).singleElement().matches(p -> p.effect() instanceof Effect.Publish);
      assertThat(task.outboxDue().orElseThrow()).isBefore(Instant.now());
    }
    assertThat(task(422).state()).isEqualTo(TaskState.NO_ROUTE_TO_QUEUE);
    assertThat(task(412).state()).isEqualTo(TaskState.UNFINISHED_DEPENDENCY);
    assertThat(task(412).waitAny()).isTrue();
    assertThat(task(412).spec().onDependencyFailure()).isEqualTo(OnDependencyFailure.WAIT);
    // No worker listens, so the broker returns the messages.
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () ->
                assertThat(
                        List.of(
                            docket.state(taskId("S102")),
                            docket.state(taskId("S201")),
                            docket.state(taskId("S503"))))
                    .containsOnly(422));
  }

  @Test
  void clientsReadDocumentsAndTasksUnderTheirIds() {
    JsonNode document = docket.get("/document/" + DaneSampleData.sha1("123457")).body();
    assertThat(document.at("/target/id").textValue()).isEqualTo("12345");
    assertThat(document.at("/creator/id").textValue()).isEqualTo("7");

    JsonNode found = docket.get("/search/document/?target_id=*&creator_id=archive").body();
    assertThat(found.path("total").asInt()).isEqualTo(5);
    JsonNode ofDocument = docket.get("/document/" + DOCUMENT + "/tasks").body();
    assertThat(ofDocument).hasSize(DaneSampleData.STATES.size());

    JsonNode task = docket.get("/task/" + taskId("S418")).body();
    assertThat(task.path("state").asText()).isEqualTo("418");
    assertThat(task.path("msg").asText()).isEqualTo("Message 418");
    assertThat(task.at("/args/n").asInt()).isEqualTo(418);
  }

  @Test
  void clientsReadResultsWhateverTheStateOfTheirTask() {
    for (DaneSampleData.Sample result : data.records()) {
      String task = result.source().at("/role/parent").asText();
      if (data.ids("task").contains(task)
          && result.source().has("result")
          && imported.containsKey(task)) {
        JsonNode shown = docket.get("/result/" + result.id()).body();
        assertThat(shown.path("payload")).isEqualTo(result.source().at("/result/payload"));
        assertThat(shown.at("/generator/name").asText()).isEqualTo("TESTER");
      }
    }
    assertThat(docket.get("/creator/archive/S500/results").body()).hasSize(2);
    JsonNode own = docket.server().get("/task/" + taskId("S200") + "/results").body();
    assertThat(own.findValuesAsText("text")).containsExactly("first of 200", "second of 200");
    JsonNode searched = docket.server().get("/search/result?key=S200").body();
    assertThat(searched.path("total").asInt(-1)).as("%s", searched).isEqualTo(2);
  }
}
