package dev.docket.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.docket.audit.AuditRecord.Outcome;
import dev.docket.auth.Caller;
import dev.docket.auth.Roles;
import dev.docket.concurrent.Stages;
import dev.docket.http.Problem;
import dev.docket.http.RequestOrigin;
import dev.docket.store.StoreUnavailable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

final class AuditLogTest {

  private static final Intention INTENTION =
      new Intention(
          Actor.of(
              new Caller("ann", Set.of(Roles.ARCHIVIST)),
              new RequestOrigin("192.0.2.7", "request-1")),
          "task.retry",
          "task",
          "t1",
          Map.of("state", 500));

  private final MemoryAuditStore store = new MemoryAuditStore();
  private final AuditLog audit = store.log();
  private final List<String> performed = new ArrayList<>();

  private CompletionStage<String> action() {
    assertThat(store.records()).as("the intention is written first").hasSize(1);
    performed.add("retry");
    return CompletableFuture.completedStage("new state");
  }

  private CompletionStage<String> perform() {
    return audit.perform(
        INTENTION, this::action, value -> ActionResult.done(Map.of("state", value)));
  }

  private AuditRecord record() {
    assertThat(store.records()).hasSize(1);
    return store.records().get(0);
  }

  @Test
  void writesIntentionBeforeActionAndItsEndBeforeAnswer() {
    assertThat(Stages.join(perform())).isEqualTo("new state");

    AuditRecord intention = store.writes().get(0);
    assertThat(intention.outcome()).isEqualTo(Outcome.UNKNOWN);
    assertThat(intention.before()).isEqualTo(Map.of("state", 500));
    assertThat(intention.after()).isNull();
    assertThat(record().id()).isEqualTo(intention.id());
    assertThat(record().outcome()).isEqualTo(Outcome.DONE);
    assertThat(record().after()).isEqualTo(Map.of("state", "new state"));
    assertThat(record().principal()).isEqualTo("ann");
    assertThat(record().address()).isEqualTo("192.0.2.7");
    assertThat(record().requestId()).isEqualTo("request-1");
  }

  @Test
  void refusesActionIfIntentionCannotBeWritten() {
    store.failNext(1);

    assertThatThrownBy(() -> Stages.join(perform()))
        .isInstanceOf(StoreUnavailable.class)
        .hasMessage(
            "nothing was changed, because the audit record cannot be written: the store is away");

    assertThat(performed).isEmpty();
    assertThat(store.records()).isEmpty();
  }

  @Test
  void refusesBlockingActionIfIntentionCannotBeWritten() {
    store.failNext(1);

    assertThatThrownBy(
            () ->
                audit.performBlocking(
                    INTENTION, () -> performed.add("reset"), done -> ActionResult.done(null)))
        .isInstanceOf(StoreUnavailable.class);

    assertThat(performed).isEmpty();
  }

  @Test
  void recordsRefusalWithItsReason() {
    Problem conflict = new Problem(Problem.Kind.CONFLICT, "retry is not allowed");

    assertThatThrownBy(
            () ->
                Stages.join(
                    audit.perform(
                        INTENTION,
                        () -> CompletableFuture.<String>failedStage(conflict),
                        value -> ActionResult.done(null))))
        .isSameAs(conflict);

    assertThat(record().outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(record().detail()).isEqualTo("retry is not allowed");
    assertThat(record().after()).isEqualTo(record().before());
  }

  @Test
  void recordsRefusalOfBlockingAction() {
    Problem conflict = new Problem(Problem.Kind.CONFLICT, "not now");

    assertThatThrownBy(
            () ->
                audit.<String>performBlocking(
                    INTENTION,
                    () -> {
                      throw conflict;
                    },
                    value -> ActionResult.done(null)))
        .isSameAs(conflict);

    assertThat(record().outcome()).isEqualTo(Outcome.REFUSED);
  }

  @Test
  void outcomeIsUnknownIfStoreFailsDuringAction() {
    assertThatThrownBy(
            () ->
                Stages.join(
                    audit.perform(
                        INTENTION,
                        () -> CompletableFuture.<String>failedStage(new StoreUnavailable("gone")),
                        value -> ActionResult.done(null))))
        .isInstanceOf(StoreUnavailable.class);

    assertThat(record().outcome()).isEqualTo(Outcome.UNKNOWN);
    assertThat(record().detail()).isEqualTo("gone");
    assertThat(record().after()).isNull();
  }

  @Test
  void recordsUnexpectedErrorWithoutItsMessage() {
    assertThatThrownBy(
            () ->
                Stages.join(
                    audit.<String>perform(
                        INTENTION,
                        () -> {
                          throw new IllegalStateException("internal");
                        },
                        value -> ActionResult.done(null))))
        .isInstanceOf(IllegalStateException.class);

    assertThat(record().outcome()).isEqualTo(Outcome.UNKNOWN);
    assertThat(record().detail()).isEqualTo("unexpected error");
  }

  @Test
  void repeatsWriteOfTheEnd() {
    CompletionStage<String> done =
        audit.perform(
            INTENTION,
            () -> {
              store.failNext(1);
              return action();
            },
            value -> ActionResult.unchanged(Map.of("state", 500)));

    assertThat(Stages.join(done)).isEqualTo("new state");
    assertThat(record().outcome()).isEqualTo(Outcome.UNCHANGED);
    assertThat(store.writes()).hasSize(3);
  }

  @Test
  void answersWithTheActionIfItsEndCannotBeWritten() {
    CompletionStage<String> done =
        audit.perform(
            INTENTION,
            () -> {
              store.failNext(2);
              return action();
            },
            value -> ActionResult.done(null));

    assertThat(Stages.join(done)).isEqualTo("new state");
    assertThat(record().outcome()).isEqualTo(Outcome.UNKNOWN);
  }
}
