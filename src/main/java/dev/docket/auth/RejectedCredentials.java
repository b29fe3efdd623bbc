package dev.docket.auth;

import dev.docket.http.RequestOrigin;

/**
 * A request whose credentials were rejected. Never contains the credentials.
 *
 * @param kind the kind of credentials that were sent: {@code none}, {@code bearer}, {@code basic},
 *     {@code url} or {@code other}
 * @param reason why they were rejected; one of a few texts
 */
public record RejectedCredentials(RequestOrigin origin, String kind, String reason) {}
