/** Threads, backoff and completion stages: what all packages share. It knows no other package. */
@NullMarked
package dev.docket.concurrent;

import org.jspecify.annotations.NullMarked;
