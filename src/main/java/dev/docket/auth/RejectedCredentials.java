package dev.docket.auth;

import dev.docket.http.RequestOrigin;
import org.jspecify.annotations.Nullable;

/**
 * A request whose credentials were rejected. Never contains the credentials.
 *
 * @param kind the kind of credentials that were sent: {@code none}, {@code bearer}, {@code basic},
 *     {@code url} or {@code other}
 * @param reason why they were rejected; one of a few texts
 * @param principal the principal of a known key that is no longer valid; null if the caller is
 *     unknown
 */
public record RejectedCredentials(
    RequestOrigin origin, String kind, String reason, @Nullable String principal) {}
