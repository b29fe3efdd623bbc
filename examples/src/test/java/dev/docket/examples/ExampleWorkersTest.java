package dev.docket.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.docket.worker.TargetType;
import dev.docket.worker.TaskHandler;
import dev.docket.worker.testkit.TestRun;
import dev.docket.worker.testkit.TestTask;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExampleWorkersTest {

  private static final Path COLLECTION =
      Path.of(System.getProperty("docket.root"), "examples", "collection");

  @TempDir Path dir;

  private static TestTask task(Path file) {
    return TestTask.ofKey("ANY").target(TargetType.DATASET, file.toUri().toString());
  }

  private static TestRun run(TaskHandler handler, Path file) {
    return task(file).run(handler);
  }

  @Test
  void fileSizeReturnsBytes() throws Exception {
    TestRun run = run(new FileSizeWorker(), Files.write(dir.resolve("a"), new byte[1234]));
    assertThat(run.state()).isEqualTo(200);
    assertThat(run.payloads().get(0).path("bytes").asLong()).isEqualTo(1234);
  }

  @Test
  void fileSizeOfEmptyFileIsZero() throws Exception {
    TestRun run = run(new FileSizeWorker(), Files.createFile(dir.resolve("empty")));
    assertThat(run.payloads().get(0).path("bytes").asLong(-1)).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "'',e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "abc,ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
  })
  void fixityReturnsSha256(String content, String digest) throws Exception {
    TestRun run = run(new FixityWorker(), Files.writeString(dir.resolve("a"), content));
    assertThat(run.payloads().get(0).path("algorithm").asText()).isEqualTo("SHA-256");
    assertThat(run.payloads().get(0).path("digest").asText()).isEqualTo(digest);
  }

  @Test
  void fixityReportsProgress() throws Exception {
    TestRun run = run(new FixityWorker(), Files.write(dir.resolve("a"), new byte[1 << 20]));
    List<Integer> percents = run.said().stream().map(TestRun.Said::percent).toList();
    assertThat(percents).hasSizeGreaterThan(10).isSorted().endsWith(100);
  }

  @Test
  void fixityStopsWhenTaskIsCancelled() throws Exception {
    Path file = Files.write(dir.resolve("a"), new byte[1 << 20]);
    TestRun run = task(file).cancelAt(30).run(new FixityWorker());
    assertThat(run.state()).isEqualTo(499);
    assertThat(run.said()).hasSizeLessThan(10);
  }

  @ParameterizedTest
  @CsvSource({
    "Опись фонда 12.txt,text/plain",
    "手紙.txt,text/plain",
    "inventory.csv,text/csv",
    "finding-aid.xml,application/xml",
    "record.json,application/json",
    "seal.png,image/png",
    "bell.wav,audio/vnd.wave",
    "deed.pdf,application/pdf",
  })
  void formatDetectsMediaTypesOfCollection(String name, String mediaType) {
    TestRun run = run(new FormatWorker(), COLLECTION.resolve(name));
    assertThat(run.payloads().get(0).path("media_type").asText()).isEqualTo(mediaType);
    assertThat(run.results().get(0).generator().get("name")).startsWith("Apache Tika");
  }

  @Test
  void formatPrefersContentToMisleadingName() throws Exception {
    Path misnamed = Files.copy(COLLECTION.resolve("seal.png"), dir.resolve("deed.pdf"));
    TestRun run = run(new FormatWorker(), misnamed);
    assertThat(run.payloads().get(0).path("media_type").asText()).isEqualTo("image/png");
  }

  @Test
  void missingFileIs404ForAllWorkers() {
    for (TaskHandler handler :
        List.of(new FileSizeWorker(), new FixityWorker(), new FormatWorker())) {
      assertThat(run(handler, dir.resolve("gone")).state()).isEqualTo(404);
    }
  }

  @Test
  void rejectsUnknownKeyAndListsAvailableKeys() {
    assertThatThrownBy(
            () ->
                ExampleWorkers.of(
                    Arguments.of(List.of("FIXITY", "ASR", "--server", "http://localhost")),
                    Map.of()))
        .hasMessageContaining("ASR")
        .hasMessageContaining("FIXITY");
  }

  @Test
  void requiresServer() {
    assertThatThrownBy(() -> ExampleWorkers.of(Arguments.of(List.of("FIXITY")), Map.of()))
        .hasMessageContaining("--server")
        .hasMessageContaining("DOCKET_SERVER");
  }

  @Test
  void readsMissingOptionsFromEnvironment() {
    Arguments keys = Arguments.of(List.of("FIXITY", "FORMAT", "FILESIZE"));
    assertThatCode(() -> ExampleWorkers.of(keys, Map.of("DOCKET_SERVER", "http://localhost")))
        .doesNotThrowAnyException();
    assertThatThrownBy(
            () ->
                ExampleWorkers.of(
                    keys, Map.of("DOCKET_SERVER", "http://localhost", "DOCKET_BROKER_URI", "no")))
        .hasMessageContaining("broker");
  }
}
