/** State changes of tasks: published to other programs, and streamed to HTTP clients. */
@NullMarked
package dev.docket.events;

import org.jspecify.annotations.NullMarked;
