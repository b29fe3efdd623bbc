/** Docket's own workers: they claim over HTTP what they take from the broker. */
@NullMarked
package dev.docket.courier.docket;

import org.jspecify.annotations.NullMarked;
