/** Takes messages from worker queues for workers that poll over HTTP. */
@NullMarked
package dev.docket.rabbit.poll;

import org.jspecify.annotations.NullMarked;
