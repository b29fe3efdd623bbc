/** The limits of task keys: pause, concurrency and rate, from the configuration and over HTTP. */
@NullMarked
package dev.docket.limit;

import org.jspecify.annotations.NullMarked;
