/** Finds the caller of an HTTP request from its credentials, and rejects requests without it. */
@NullMarked
package dev.docket.auth.http;

import org.jspecify.annotations.NullMarked;
