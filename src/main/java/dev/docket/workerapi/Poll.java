package dev.docket.workerapi;

import dev.docket.auth.Caller;
import dev.docket.document.TargetType;
import dev.docket.task.TaskKey;
import dev.docket.task.WorkerInstance;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A poll request.
 *
 * @param id chosen by the caller; a repeated poll with the same id gets the same response,
 *     immediately if its {@code maxWait} is zero
 * @param firstReportSeconds how long the server waits for the first report on a granted task; null
 *     for the default
 * @param instance the id of the worker's process; null if it has none
 */
record Poll(
    String id,
    Set<TaskKey> keys,
    Set<TargetType> types,
    String worker,
    int max,
    Duration maxWait,
    @Nullable Integer firstReportSeconds,
    @Nullable String instance) {

  @Nullable WorkerInstance instanceOf(Caller caller) {
    return instance == null ? null : new WorkerInstance(instance, caller.name());
  }
}
