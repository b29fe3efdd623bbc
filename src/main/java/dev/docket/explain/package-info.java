/** Explains why a task is in its state, with evidence; {@code /task/{id}/explain}. */
@NullMarked
package dev.docket.explain;

import org.jspecify.annotations.NullMarked;
