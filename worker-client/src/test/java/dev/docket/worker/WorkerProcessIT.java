package dev.docket.worker;

import static dev.docket.worker.Samples.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.wire.ReportItem;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Workers in separate processes. */
class WorkerProcessIT {

  private final FakeDocket docket = new FakeDocket();
  private Process process;

  @AfterEach
  void close() {
    if (process != null) {
      process.destroyForcibly();
    }
    docket.close();
  }

  private void launch(String mode) throws IOException {
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                SignalledWorker.class.getName(),
                docket.address().toString(),
                mode)
            .redirectErrorStream(true)
            .redirectOutput(Redirect.appendTo(Path.of("target", "worker-process.log").toFile()))
            .start();
  }

  private void awaitStarted(int tasks) {
    await().until(() -> docket.received(ReportItem.Started.class).size() == tasks);
  }

  @Test
  void sigtermFinishesOrGivesBackRunningTasks() throws Exception {
    docket.offer(Samples.granted("short", "ASR"));
    docket.offer(Samples.granted("long", "ASR"));
    docket.offer(Samples.granted("next", "ASR"));
    launch("until-stopped");
    awaitStarted(2);
    process.destroy();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(docket.ends()).containsExactly("short 200");
    assertThat(docket.received(ReportItem.GiveBack.class))
        .extracting(ReportItem.GiveBack::task)
        .containsExactly("long");
    assertThat(docket.received(ReportItem.Started.class))
        .extracting(ReportItem.Started::task)
        .doesNotContain("next");
  }

  @Test
  void startedWorkerKeepsProcessAlive() throws Exception {
    launch("start");
    await().until(() -> !docket.received(ReportItem.Hello.class).isEmpty());
    docket.offer(Samples.granted("short", "ASR"));
    await().untilAsserted(() -> assertThat(docket.ends()).containsExactly("short 200"));
    assertThat(process.isAlive()).isTrue();
  }
}
