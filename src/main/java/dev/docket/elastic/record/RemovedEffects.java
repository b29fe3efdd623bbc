package dev.docket.elastic.record;

import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.deser.DeserializationProblemHandler;
import com.fasterxml.jackson.databind.jsontype.TypeIdResolver;
import dev.docket.task.machine.Effect;
import dev.docket.task.machine.PendingEffect;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Drops effects that the previous release stored and never performed. */
final class RemovedEffects extends DeserializationProblemHandler {

  private static final Set<String> KINDS = Set.of("revoke", "callback");

  /** Reads such an effect as null. */
  @Override
  public @Nullable JavaType handleUnknownTypeId(
      DeserializationContext context,
      JavaType type,
      String kind,
      TypeIdResolver resolver,
      String failure) {
    return type.hasRawClass(Effect.class) && KINDS.contains(kind)
        ? context.constructType(Void.class)
        : null;
  }

  static List<PendingEffect> without(List<PendingEffect> outbox) {
    return outbox.stream().filter(pending -> pending.effect() != null).toList();
  }
}
