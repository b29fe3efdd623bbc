/** Performs the effects in the tasks' outboxes, and records publisher confirms with a delay. */
@NullMarked
package dev.docket.outbox;

import org.jspecify.annotations.NullMarked;
