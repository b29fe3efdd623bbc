/**
 * Compares the messages that the store expects with those in the broker, detects lost messages and
 * republishes their tasks; {@code /drift}.
 */
@NullMarked
package dev.docket.drift;

import org.jspecify.annotations.NullMarked;
