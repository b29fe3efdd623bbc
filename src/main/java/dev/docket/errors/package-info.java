/** How no is said: one kind of exception for the rooms, one place that makes HTTP answers of it. */
@NullMarked
package dev.docket.errors;

import org.jspecify.annotations.NullMarked;
