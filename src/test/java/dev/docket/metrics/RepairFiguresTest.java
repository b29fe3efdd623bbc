package dev.docket.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.maintenance.PurgeSweep;
import dev.docket.task.TaskId;
import dev.docket.task.TaskState;
import dev.docket.task.machine.Command;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class RepairFiguresTest {

  private final Shop shop = new Shop();

  private Map<String, Double> repairs() {
    Map<String, Double> repairs = new TreeMap<>();
    shop.scrape()
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
    TaskId id = shop.create("ASR");
    shop.claim(id);
    return id;
  }

  @Test
  void everyKindIsThereFromTheBeginning() {
    assertThat(shop.scrape().all("docket_repairs_total"))
        .hasSize(RepairFigures.Kind.values().length)
        .containsEntry("{kind=\"lease_lost\"}", 0.0);
  }

  @Test
  void aTaskWhoseDaysGoWellIsNeverRepaired() {
    TaskId id = running();
    shop.fail(id, TaskState.ERROR_PROXY);
    shop.after(Duration.ofMinutes(1)).tell(id, new Command.Publish());
    shop.confirm(id);
    shop.claim(id);
    shop.complete(id);
    shop.tell(id, new Command.Delete("ann"));
    assertThat(repairs()).as("the publication after a back-off is no repair").isEmpty();
  }

  @Test
  void whatWatchesNoticeIsCounted() {
    shop.tell(running(), new Command.LeaseLost());
    shop.tell(running(), new Command.LeaseLost());
    shop.tell(running(), new Command.TimedOut());
    assertThat(repairs()).isEqualTo(Map.of("lease_lost", 2.0, "timed_out", 1.0));
  }

  @Test
  void aMessageThatWasNotSentInTimeIsPublishedAgain() {
    TaskId id = shop.create("ASR");
    shop.after(Duration.ofMinutes(1)).tell(id, new Command.Publish());
    assertThat(repairs()).isEqualTo(Map.of("published_again", 1.0));
  }

  @Test
  void anEffectThatWasNotDoneInTimeIsCounted() {
    TaskId id = running();
    shop.complete(id);
    shop.tell(id, new Command.Delete(PurgeSweep.BY));
    shop.after(Duration.ofMinutes(1)).tell(id, new Command.TakeOverdue(shop.now.plusSeconds(30)));
    assertThat(repairs()).isEqualTo(Map.of("purged", 1.0, "overdue_effect", 1.0));
  }

  @Test
  void tasksThatFindAQueueAreRerouted() {
    TaskId oldest = shop.create("ASR");
    shop.unroutable(oldest);
    TaskId other = shop.create("ASR");
    shop.unroutable(other);
    shop.confirm(oldest);
    shop.tell(other, new Command.Redispatch());
    TaskId queued = shop.create("ASR");
    shop.confirm(queued);
    shop.tell(queued, new Command.Redispatch());
    assertThat(repairs()).isEqualTo(Map.of("rerouted", 2.0, "redispatched", 1.0));
  }

  @Test
  void whatIsDroppedIsNotCounted() {
    TaskId id = running();
    shop.complete(id);
    shop.tell(id, new Command.LeaseLost());
    assertThat(repairs()).isEmpty();
  }
}
