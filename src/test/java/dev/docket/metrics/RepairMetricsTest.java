package dev.docket.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.task.DocumentTasks;
import dev.docket.task.TaskId;
import dev.docket.task.TaskState;
import dev.docket.task.machine.Command;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class RepairMetricsTest {

  private final MetricsFixture fixture = new MetricsFixture();

  private Map<String, Double> repairs() {
    Map<String, Double> repairs = new TreeMap<>();
    fixture
        .scrape()
        .all("docket_repairs_total")
        .forEach(
            (labels, count) -> {
              if (count > 0) {
                repairs.put(labels.replaceAll(".*\"(.*)\".*", "$1"), count);
              }
            });
    return repairs;
  }

  private TaskId running() {
    TaskId id = fixture.create("ASR");
    fixture.claim(id);
    return id;
  }

  @Test
  void exposesEveryKindFromStart() {
    assertThat(fixture.scrape().all("docket_repairs_total"))
        .hasSize(RepairMetrics.Kind.values().length)
        .containsEntry("{kind=\"lease_lost\"}", 0.0);
  }

  @Test
  void doesNotCountNormalLifecycle() {
    TaskId id = running();
    fixture.fail(id, TaskState.ERROR_PROXY);
    fixture.after(Duration.ofMinutes(1)).execute(id, new Command.Publish());
    fixture.confirm(id);
    fixture.claim(id);
    fixture.complete(id);
    fixture.execute(id, new Command.Delete("ann"));
    assertThat(repairs()).as("publishing after a backoff is no repair").isEmpty();
  }

  @Test
  void countsLostLeasesAndTimeouts() {
    fixture.execute(running(), new Command.LeaseLost());
    fixture.execute(running(), new Command.LeaseLost());
    fixture.execute(running(), new Command.TimedOut());
    assertThat(repairs()).isEqualTo(Map.of("lease_lost", 2.0, "timed_out", 1.0));
  }

  @Test
  void countsMessagesPublishedAgain() {
    TaskId id = fixture.create("ASR");
    fixture.after(Duration.ofMinutes(1)).execute(id, new Command.Publish());
    assertThat(repairs()).isEqualTo(Map.of("published_again", 1.0));
  }

  @Test
  void countsOverdueEffects() {
    TaskId id = running();
    fixture.complete(id);
    fixture.execute(id, new Command.Delete(DocumentTasks.BY));
    fixture
        .after(Duration.ofMinutes(1))
        .execute(id, new Command.TakeOverdue(fixture.now.plusSeconds(30)));
    assertThat(repairs()).isEqualTo(Map.of("purged", 1.0, "overdue_effect", 1.0));
  }

  @Test
  void countsReroutedAndRedispatchedTasks() {
    TaskId oldest = fixture.create("ASR");
    fixture.unroutable(oldest);
    TaskId other = fixture.create("ASR");
    fixture.unroutable(other);
    fixture.confirm(oldest);
    fixture.execute(other, new Command.Redispatch());
    TaskId queued = fixture.create("ASR");
    fixture.confirm(queued);
    fixture.execute(queued, new Command.Redispatch());
    assertThat(repairs()).isEqualTo(Map.of("rerouted", 2.0, "redispatched", 1.0));
  }

  @Test
  void doesNotCountDroppedCommands() {
    TaskId id = running();
    fixture.complete(id);
    fixture.execute(id, new Command.LeaseLost());
    assertThat(repairs()).isEmpty();
  }
}
