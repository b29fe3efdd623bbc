/**
 * The wire format between the server and its workers: the task message on the broker, reports and
 * polls over HTTP, and the acknowledgement of messages. The server and the client share this
 * package, so that the two cannot diverge.
 */
@NullMarked
package dev.docket.wire;

import org.jspecify.annotations.NullMarked;
