/** What happens to tasks, told as it happens: to other programs, and to readers of a stream. */
@NullMarked
package dev.docket.events;

import org.jspecify.annotations.NullMarked;
