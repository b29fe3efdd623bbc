package dev.docket.worker.readme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.worker.Outcome;
import dev.docket.worker.TargetType;
import dev.docket.worker.TaskHandler;
import dev.docket.worker.testkit.TestRun;
import dev.docket.worker.testkit.TestTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ReadmeTest {

  private static final Path MODULE = Path.of(System.getProperty("docket.root"), "worker-client");

  @Test
  void completeWorkerOfReadmeCompiles() throws IOException {
    String readme = Files.readString(MODULE.resolve("README.md"));
    int begin = readme.indexOf("```java\n") + "```java\n".length();
    String code = readme.substring(begin, readme.indexOf("```", begin));
    String source =
        Files.readString(
            MODULE.resolve("src/test/java/dev/docket/worker/readme/FileSizeWorker.java"));
    assertThat(source).isEqualTo("package dev.docket.worker.readme;\n\n" + code);
    assertThat(code.lines().count()).isLessThan(30);
  }

  @Test
  void handlerTestOfReadmeWorks() {
    TaskHandler handler = (task, context) -> Outcome.notFound(task.document().target().url());
    TestRun run =
        TestTask.ofKey("FILESIZE").target(TargetType.VIDEO, "file:///no/such/file").run(handler);
    assertThat(run.state()).isEqualTo(404);
  }
}
