package dev.docket.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.document.DocumentSamples;
import dev.docket.store.Version;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** It holds no more of the tasks that were written last, however large they are. */
final class RecentTasksTest {

  private static Task withArguments(int characters) {
    return TaskSamples.task(
        DocumentSamples.document(),
        "ASR",
        DocumentSamples.CREATED,
        Map.of("text", "x".repeat(characters)));
  }

  @Test
  void aTaskCountsWithWhatItsSenderPutIn() {
    int usual = RecentTasks.bytes(withArguments(0));

    assertThat(usual).isBetween(1_000, 4_000);
    assertThat(RecentTasks.bytes(withArguments(200_000))).isEqualTo(usual + 200_000);
  }

  @Test
  void ofLargeOnesItKeepsFew() {
    RecentTasks recent = new RecentTasks();
    List<Task> tasks = IntStream.range(0, 500).mapToObj(i -> withArguments(200_000)).toList();

    tasks.forEach(task -> recent.put(task, new Version(1, 1)));

    long kept = tasks.stream().filter(task -> recent.get(task.id()).isPresent()).count();
    assertThat(kept).isBetween(1L, 150L);
  }
}
