/**
 * The worker client. A worker author names the task keys and implements a {@link
 * dev.docket.worker.TaskHandler}; {@link dev.docket.worker.DocketWorker} does everything else.
 */
@NullMarked
package dev.docket.worker;

import org.jspecify.annotations.NullMarked;
