/** Ports to any message broker: publishing tasks, taking tasks from queues, queue statistics. */
@NullMarked
package dev.docket.broker;

import org.jspecify.annotations.NullMarked;
