package dev.docket.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.docket.store.Version;
import dev.docket.task.machine.Command;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One queue of letters for each task. */
class MailboxesTest {

  private static final TaskId ID = new TaskId("t");
  private static final int CAPACITY = 100_000;

  private final Mailboxes mailboxes = new Mailboxes();

  private static PendingCommand letter() {
    return PendingCommand.of(new Command.Retry("ann"), null);
  }

  private static PendingCommand alone() {
    return PendingCommand.of(new Command.LeaseLost(), new Version(1, 1));
  }

  @Test
  void whoeverFindsABoxIdleSeesToIt() {
    assertThat(mailboxes.post(ID, letter())).isTrue();
    assertThat(mailboxes.post(ID, letter())).isFalse();
    assertThat(mailboxes.post(new TaskId("other"), letter())).isTrue();
  }

  @Test
  void boxIsBusyUntilItIsFoundEmpty() {
    mailboxes.post(ID, letter());
    mailboxes.take(ID);
    assertThat(mailboxes.post(ID, letter())).isFalse();
    mailboxes.take(ID);

    assertThat(mailboxes.take(ID)).isEmpty();
    assertThat(mailboxes.post(ID, letter())).isTrue();
  }

  @Test
  void whatStandsAloneIsTakenAlone() {
    List<PendingCommand> posted = List.of(letter(), letter(), alone(), alone(), letter());
    posted.forEach(each -> mailboxes.post(ID, each));

    assertThat(mailboxes.take(ID)).isEqualTo(posted.subList(0, 2));
    assertThat(mailboxes.take(ID)).isEqualTo(posted.subList(2, 3));
    assertThat(mailboxes.take(ID)).isEqualTo(posted.subList(3, 4));
    assertThat(mailboxes.take(ID)).isEqualTo(posted.subList(4, 5));
    assertThat(mailboxes.take(ID)).isEmpty();
  }

  @Test
  void whatFindsNoRoomIsTurnedAwayUntilThereIsSome() {
    for (int i = 0; i < CAPACITY; i++) {
      mailboxes.post(ID, letter());
    }
    PendingCommand tooMuch = letter();

    assertThat(mailboxes.post(new TaskId("other"), tooMuch)).isFalse();
    assertThatThrownBy(tooMuch.answer()::join).hasCauseInstanceOf(Overloaded.class);

    assertThat(mailboxes.take(ID)).hasSize(CAPACITY);
    assertThat(mailboxes.post(new TaskId("other"), letter())).isTrue();
  }
}
