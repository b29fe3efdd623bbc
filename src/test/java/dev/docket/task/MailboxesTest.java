package dev.docket.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.docket.http.Problem;
import dev.docket.store.Version;
import dev.docket.task.machine.Command;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Queues of pending commands, one for each task. */
class MailboxesTest {

  private static final TaskId ID = new TaskId("t");
  private static final int CAPACITY = 100_000;

  private final Mailboxes mailboxes = new Mailboxes();

  private static PendingCommand batchable() {
    return PendingCommand.of(new Command.Retry("ann"), null);
  }

  private static PendingCommand observed() {
    return PendingCommand.of(new Command.LeaseLost(), new Version(1, 1));
  }

  @Test
  void firstPostToIdleMailboxReturnsTrue() {
    assertThat(mailboxes.post(ID, batchable())).isTrue();
    assertThat(mailboxes.post(ID, batchable())).isFalse();
    assertThat(mailboxes.post(new TaskId("other"), batchable())).isTrue();
  }

  @Test
  void mailboxIsBusyUntilTakeReturnsNothing() {
    mailboxes.post(ID, batchable());
    mailboxes.take(ID);
    assertThat(mailboxes.post(ID, batchable())).isFalse();
    mailboxes.take(ID);

    assertThat(mailboxes.take(ID)).isEmpty();
    assertThat(mailboxes.post(ID, batchable())).isTrue();
  }

  @Test
  void takesObservedCommandsOneByOne() {
    List<PendingCommand> posted =
        List.of(batchable(), batchable(), observed(), observed(), batchable());
    posted.forEach(command -> mailboxes.post(ID, command));

    assertThat(mailboxes.take(ID)).isEqualTo(posted.subList(0, 2));
    assertThat(mailboxes.take(ID)).isEqualTo(posted.subList(2, 3));
    assertThat(mailboxes.take(ID)).isEqualTo(posted.subList(3, 4));
    assertThat(mailboxes.take(ID)).isEqualTo(posted.subList(4, 5));
    assertThat(mailboxes.take(ID)).isEmpty();
  }

  @Test
  void rejectsCommandsAtCapacity() {
    for (int i = 0; i < CAPACITY; i++) {
      mailboxes.post(ID, batchable());
    }
    PendingCommand excess = batchable();

    assertThat(mailboxes.post(new TaskId("other"), excess)).isFalse();
    assertThatThrownBy(excess.decision()::join)
        .hasCauseInstanceOf(Problem.class)
        .hasMessageContaining("too many writes");

    assertThat(mailboxes.take(ID)).hasSize(CAPACITY);
    assertThat(mailboxes.post(new TaskId("other"), batchable())).isTrue();
  }
}
