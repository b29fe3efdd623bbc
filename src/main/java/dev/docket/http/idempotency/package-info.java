/**
 * The {@code Idempotency-Key} header: what a record keeps of it, and how a repeat is recognized.
 */
@NullMarked
package dev.docket.http.idempotency;

import org.jspecify.annotations.NullMarked;
