package dev.docket.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.document.DocumentSamples;
import dev.docket.store.Version;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The cache of recent tasks is bounded by their size. */
final class RecentTasksTest {

  private static Task withArguments(int characters) {
    return TaskSamples.task(
        DocumentSamples.document(),
        "ASR",
        DocumentSamples.CREATED,
        Map.of("text", "x".repeat(characters)));
  }

  @Test
  void weightIncludesArguments() {
    int typical = RecentTasks.bytes(withArguments(0));

    assertThat(typical).isBetween(1_000, 4_000);
    assertThat(RecentTasks.bytes(withArguments(200_000))).isEqualTo(typical + 200_000);
  }

  @Test
  void keepsFewLargeTasks() {
    RecentTasks recent = new RecentTasks();
    List<Task> tasks = IntStream.range(0, 500).mapToObj(i -> withArguments(200_000)).toList();

    tasks.forEach(task -> recent.put(task, new Version(1, 1)));

    long cached = tasks.stream().filter(task -> recent.get(task.id()).isPresent()).count();
    assertThat(cached).isBetween(1L, 150L);
  }
}
