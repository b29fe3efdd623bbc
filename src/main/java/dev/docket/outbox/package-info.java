/** Performs the side effects that tasks have in their outboxes, and confirms publishing lazily. */
@NullMarked
package dev.docket.outbox;

import org.jspecify.annotations.NullMarked;
