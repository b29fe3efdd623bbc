/**
 * Compares what the store expects with what the broker holds, detects lost messages and publishes
 * them again; {@code /drift}.
 */
@NullMarked
package dev.docket.drift;

import org.jspecify.annotations.NullMarked;
