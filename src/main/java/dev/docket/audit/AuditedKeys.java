package dev.docket.audit;

import dev.docket.auth.key.KeyAudit;
import dev.docket.auth.key.ManagedKey;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Writes an audit record for each change of a managed key, without its hash. */
public final class AuditedKeys implements KeyAudit {

  private final AuditLog audit;

  public AuditedKeys(AuditLog audit) {
    this.audit = audit;
  }

  @Override
  public CompletionStage<ManagedKey> perform(
      Change change, Supplier<? extends CompletionStage<ManagedKey>> action) {
    ManagedKey before = change.before();
    return audit.perform(
        new Intention(
            Actor.of(change.by(), change.origin()),
            change.action(),
            "key",
            change.keyId(),
            before == null ? null : state(before)),
        action,
        after -> ActionResult.done(state(after)));
  }

  private static Map<String, @Nullable Object> state(ManagedKey key) {
    Map<String, @Nullable Object> state = new LinkedHashMap<>();
    state.put("name", key.name());
    state.put("roles", key.roles().stream().sorted().toList());
    put(state, "group", key.group());
    put(
        state,
        "task_keys",
        key.taskKeys() == null ? null : key.taskKeys().stream().sorted().toList());
    put(state, "expires_at", key.expiresAt());
    put(state, "revoked_at", key.revokedAt());
    return state;
  }

  private static void put(
      Map<String, @Nullable Object> state, String name, @Nullable Object value) {
    if (value != null) {
      state.put(name, value instanceof Iterable ? value : value.toString());
    }
  }
}
