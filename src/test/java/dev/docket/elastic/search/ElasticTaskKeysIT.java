package dev.docket.elastic.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.backends.junit.BackendsExtension;
import dev.docket.elastic.ElasticFixture;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskSamples;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class ElasticTaskKeysIT {

  @RegisterExtension static final BackendsExtension backends = BackendsExtension.embedded();
  static ElasticFixture fixture;

  @BeforeAll
  static void open() {
    fixture = ElasticFixture.open(backends, "keys");
  }

  @AfterAll
  static void close() {
    fixture.close();
  }

  @Test
  void findsKeysThatHaveTasks() {
    for (String key : new String[] {"ASR", "ASR", "OCR", "OTHER"}) {
      fixture.backend().tasks().create(TaskSamples.task(key)).toCompletableFuture().join();
    }
    fixture.refresh();
    Set<TaskKey> keys =
        IntStream.range(0, 10_000)
            .mapToObj(i -> new TaskKey("INVENTED" + i))
            .collect(Collectors.toSet());
    keys.add(new TaskKey("ASR"));
    keys.add(new TaskKey("OCR"));

    assertThat(fixture.backend().taskKeys().withTasks(keys))
        .containsExactlyInAnyOrder(new TaskKey("ASR"), new TaskKey("OCR"));
    assertThat(fixture.backend().taskKeys().withTasks(Set.of(new TaskKey("NEVER")))).isEmpty();
    assertThat(fixture.backend().taskKeys().withTasks(Set.of())).isEmpty();
  }
}
