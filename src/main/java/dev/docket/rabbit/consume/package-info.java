/** Consumers of workers' replies and of events. */
@NullMarked
package dev.docket.rabbit.consume;

import org.jspecify.annotations.NullMarked;
