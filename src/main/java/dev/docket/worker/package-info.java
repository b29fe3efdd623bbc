/** Docket's workers as the server sees them: their reports, their polls, and who is there. */
@NullMarked
package dev.docket.worker;

import org.jspecify.annotations.NullMarked;
