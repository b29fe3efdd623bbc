package dev.docket.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.task.TaskKey;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class KeyLabelsTest {

  private static TaskKey key(int number) {
    return new TaskKey("K" + number);
  }

  @Test
  void firstKeysHaveOwnLabelAndOthersShareOne() {
    KeyLabels labels = new KeyLabels(List.of());
    Set<String> used =
        IntStream.range(0, 10_000).mapToObj(i -> labels.of(key(i))).collect(Collectors.toSet());
    assertThat(used).hasSize(KeyLabels.MAX_KEYS + 1).contains("K0", "K499", KeyLabels.OTHER);
    assertThat(labels.of(key(0))).as("a key keeps its label").isEqualTo("K0");
    assertThat(labels.of(key(500))).isEqualTo(KeyLabels.OTHER);
  }

  @Test
  void configuredKeysAlwaysHaveOwnLabel() {
    KeyLabels labels = new KeyLabels(List.of(new TaskKey("ASR")));
    IntStream.range(0, 10_000).forEach(i -> labels.of(key(i)));
    assertThat(labels.of(new TaskKey("asr"))).isEqualTo("ASR");
  }

  @Test
  void limitsLabelsAcrossThreads() {
    KeyLabels labels = new KeyLabels(List.of());
    Set<String> used =
        IntStream.range(0, 20_000)
            .parallel()
            .mapToObj(i -> labels.of(key(i % 5_000)))
            .collect(Collectors.toSet());
    assertThat(used).hasSize(KeyLabels.MAX_KEYS + 1);
  }
}
