/** Counts of open and ended tasks, documents and results; {@code /stats}. */
@NullMarked
package dev.docket.counts;

import org.jspecify.annotations.NullMarked;
