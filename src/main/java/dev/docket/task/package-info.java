/**
 * Tasks: what they are, what can happen to them, and the desk that lets it happen one at a time.
 * The state machine is {@link dev.docket.task.TaskMachine}; nothing else changes a task's state.
 */
@NullMarked
package dev.docket.task;

import org.jspecify.annotations.NullMarked;
