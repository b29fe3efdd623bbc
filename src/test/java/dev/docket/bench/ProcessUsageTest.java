package dev.docket.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ProcessUsageTest {

  @Test
  void subtractsBytesThatNeverReachedDisk() {
    List<String> lines =
        List.of("wchar: 99999", "write_bytes: 40960", "cancelled_write_bytes: 4096");
    assertThat(ProcessUsage.diskBytes(lines)).isEqualTo(36_864);
  }

  @Test
  void rejectsUnknownFormat() {
    assertThatThrownBy(() -> ProcessUsage.diskBytes(List.of("wchar: 1")))
        .hasMessageContaining("write_bytes");
  }

  @Test
  void givesFiguresPerTaskSinceEarlierMeasurement() {
    ProcessUsage used = new ProcessUsage(3.5, 30_000).since(new ProcessUsage(1.5, 10_000));
    assertThat(used.cpuMillisPerTask(1_000)).isEqualTo("2.00");
    assertThat(used.diskKilobytesPerTask(10)).isEqualTo("2.00");
  }
}
