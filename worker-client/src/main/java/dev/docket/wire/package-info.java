/**
 * What Docket and its workers say to each other, as records: the task message on the broker, the
 * report and the poll over HTTP, and how both acknowledge messages. Server and client share these,
 * so they cannot drift apart.
 */
@NullMarked
package dev.docket.wire;

import org.jspecify.annotations.NullMarked;
