/**
 * The registry of effect handlers, which perform the effects in the tasks' outboxes, and the
 * publishing of messages. Confirms are recorded with a delay.
 */
@NullMarked
package dev.docket.outbox;

import org.jspecify.annotations.NullMarked;
