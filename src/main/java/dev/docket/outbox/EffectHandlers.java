package dev.docket.outbox;

import dev.docket.concurrent.Stages;
import dev.docket.task.Outbox;
import dev.docket.task.Task;
import dev.docket.task.machine.Effect;
import dev.docket.task.machine.PendingEffect;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The registry of effect handlers: performs each effect with the handler of its type.
 *
 * <p>All handlers are registered while the server is wired, before the first effect. Handlers
 * execute commands, so they are created after the task service, which performs its effects here.
 */
public final class EffectHandlers implements Outbox {

  private static final Logger LOG = LoggerFactory.getLogger(EffectHandlers.class);

  private static final CompletionStage<Void> START = CompletableFuture.completedStage(null);

  private final Map<Class<? extends Effect>, EffectHandler<?>> handlers = new HashMap<>();

  /**
   * Registers the handler of a type.
   *
   * @throws IllegalStateException if the type has a handler
   */
  public <E extends Effect> EffectHandlers register(Class<E> type, EffectHandler<E> handler) {
    if (handlers.putIfAbsent(type, handler) != null) {
      throw new IllegalStateException(type.getSimpleName() + " already has a handler");
    }
    return this;
  }

  /**
   * Checks that each type of effect has a handler.
   *
   * @throws IllegalStateException if a type of effect has no handler
   */
  public void requireComplete() {
    for (Class<?> type : Effect.class.getPermittedSubclasses()) {
      if (!handlers.containsKey(type)) {
        throw new IllegalStateException("no handler for the effect " + type.getSimpleName());
      }
    }
  }

  @Override
  public CompletionStage<List<PendingEffect>> perform(Task task, List<PendingEffect> effects) {
    List<PendingEffect> performed = new ArrayList<>();
    CompletionStage<Void> inOrder = START;
    for (PendingEffect pending : effects) {
      if (pending.effect() instanceof Effect.Publish) {
        // The broker's response removes this effect, and a slow store must not delay the message.
        var unused = logFailure(task, perform(START, task, pending.effect()));
      } else {
        inOrder =
            perform(inOrder, task, pending.effect()).thenAccept(done -> performed.add(pending));
      }
    }
    return logFailure(task, inOrder).thenApply(ended -> List.copyOf(performed));
  }

  private static CompletionStage<Void> logFailure(Task task, CompletionStage<Void> performed) {
    return performed.exceptionally(
        failure -> {
          LOG.atWarn()
              .addKeyValue("task", task.id())
              .log("An effect failed ({}); the overdue sweep will perform it", failure.toString());
          return null;
        });
  }

  private CompletionStage<Void> perform(CompletionStage<Void> after, Task task, Effect effect) {
    return after.thenCompose(previous -> handler(effect).perform(task, effect));
  }

  @Override
  public CompletionStage<Void> afterRepetition(
      Task task, List<PendingEffect> repeated, @Nullable Task current) {
    return Stages.all(
        repeated.stream()
            .map(PendingEffect::effect)
            .map(effect -> handler(effect).afterRepetition(task, effect, current))
            .toList());
  }

  /** The handler was registered for this type of effect. */
  @SuppressWarnings("unchecked")
  private EffectHandler<Effect> handler(Effect effect) {
    EffectHandler<?> handler = handlers.get(effect.getClass());
    if (handler == null) {
      throw new IllegalStateException("no handler for the effect " + effect);
    }
    return (EffectHandler<Effect>) handler;
  }
}
