/**
 * The protocol of Docket's own workers: they receive tasks from the broker and report over HTTP.
 */
@NullMarked
package dev.docket.protocol.docket;

import org.jspecify.annotations.NullMarked;
