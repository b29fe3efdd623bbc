package dev.docket.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.docket.task.Task;
import dev.docket.task.TaskSamples;
import dev.docket.task.machine.Effect;
import dev.docket.task.machine.PendingEffect;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class EffectHandlersTest {

  private static final Instant DUE = Instant.parse("2026-03-01T10:00:00Z");

  private final Task task = TaskSamples.task("ASR");
  private final EffectHandlers handlers = new EffectHandlers();
  private final List<String> calls = new ArrayList<>();
  private final CompletableFuture<Void> wake = new CompletableFuture<>();
  private final CompletableFuture<Void> publish = new CompletableFuture<>();

  private static PendingEffect pending(String id, Effect effect) {
    return new PendingEffect(id, DUE, effect);
  }

  private final List<PendingEffect> effects =
      List.of(
          pending("w", new Effect.Wake()),
          pending("p", new Effect.Publish(1)),
          pending("d", new Effect.DeleteResults(List.of())));

  private void registerSome() {
    handlers
        .register(
            Effect.Wake.class,
            (changed, effect) -> {
              calls.add("wake");
              return wake;
            })
        .register(
            Effect.Publish.class,
            (changed, effect) -> {
              calls.add("publish");
              return publish;
            })
        .register(
            Effect.DeleteResults.class,
            new EffectHandler<>() {
              @Override
              public CompletionStage<Void> perform(Task changed, Effect.DeleteResults effect) {
                calls.add("delete");
                return CompletableFuture.completedStage(null);
              }

              @Override
              public CompletionStage<Void> afterRepetition(
                  Task changed, Effect.DeleteResults effect, @Nullable Task current) {
                calls.add("repeated " + (current == null ? "removed" : current.id()));
                return CompletableFuture.completedStage(null);
              }
            });
  }

  private List<String> performed() {
    return handlers.perform(task, effects).toCompletableFuture().join().stream()
        .map(PendingEffect::id)
        .toList();
  }

  @Test
  void missingHandlerStopsStart() {
    registerSome();

    assertThatIllegalStateException()
        .isThrownBy(handlers::requireComplete)
        .withMessageContaining("no handler for the effect");
  }

  @Test
  void secondHandlerOfTypeIsRefused() {
    registerSome();

    assertThatIllegalStateException()
        .isThrownBy(() -> handlers.register(Effect.Wake.class, (t, e) -> publish))
        .withMessage("Wake already has a handler");
  }

  @Test
  void performsInOrderAndPublishesWithoutWaiting() {
    registerSome();
    CompletionStage<List<PendingEffect>> result = handlers.perform(task, effects);

    assertThat(calls).containsExactly("wake", "publish");
    wake.complete(null);
    assertThat(calls).containsExactly("wake", "publish", "delete");
    assertThat(result).isCompletedWithValueMatching(done -> done.size() == 2);
  }

  @Test
  void publishingIsNeverReportedAsPerformed() {
    registerSome();
    wake.complete(null);
    publish.complete(null);

    assertThat(performed()).containsExactly("w", "d");
  }

  @Test
  void failureKeepsLaterEffects() {
    registerSome();
    wake.completeExceptionally(new IllegalStateException("down"));
    publish.completeExceptionally(new IllegalStateException("down"));

    assertThat(performed()).isEmpty();
    assertThat(calls).containsExactly("wake", "publish");
  }

  @Test
  void handlerThatThrowsFailsItsEffectOnly() {
    handlers
        .register(Effect.Wake.class, (t, e) -> CompletableFuture.completedStage(null))
        .register(
            Effect.Publish.class,
            (t, e) -> {
              throw new IllegalStateException("bug");
            })
        .register(Effect.DeleteResults.class, (t, e) -> CompletableFuture.completedStage(null));

    assertThat(performed()).containsExactly("w", "d");
  }

  @Test
  void repetitionIsPassedToHandlers() {
    registerSome();
    handlers.afterRepetition(task, List.of(effects.get(0), effects.get(2)), null);
    handlers.afterRepetition(task, List.of(effects.get(2)), task);

    assertThat(calls).containsExactly("repeated removed", "repeated " + task.id());
  }
}
