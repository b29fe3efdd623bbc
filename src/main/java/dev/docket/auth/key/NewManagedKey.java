package dev.docket.auth.key;

import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The request for a managed key.
 *
 * @param name name of the caller
 * @param group group of the caller; null if it has none
 * @param taskKeys the only task keys that the caller may use; null for all
 * @param expiresAt when the key stops working; null for never
 */
public record NewManagedKey(
    @NotNull @Pattern(regexp = ApiKey.NAME, message = ApiKey.NAME_RULE) String name,
    @NotEmpty Set<@NotNull @Pattern(regexp = ApiKey.ROLE, message = ApiKey.ROLE_RULE) String> roles,
    @Nullable @Pattern(regexp = ApiKey.NAME, message = ApiKey.NAME_RULE) String group,
    @Nullable @Size(min = 1, max = ApiKey.MAX_TASK_KEYS)
        Set<@NotNull @Pattern(regexp = ApiKey.TASK_KEY, message = ApiKey.TASK_KEY_RULE) String>
            taskKeys,
    @Nullable Instant expiresAt) {}
