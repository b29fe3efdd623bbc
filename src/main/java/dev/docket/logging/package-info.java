/**
 * What the log may contain: escapes control characters, truncates long texts and redacts secrets.
 */
@NullMarked
package dev.docket.logging;

import org.jspecify.annotations.NullMarked;
