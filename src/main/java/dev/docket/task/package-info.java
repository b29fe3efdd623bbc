/**
 * Tasks: values, the {@link dev.docket.task.TaskService}, submissions and storage ports. Only
 * {@link dev.docket.task.machine.TaskMachine} changes a task's state.
 */
@NullMarked
package dev.docket.task;

import org.jspecify.annotations.NullMarked;
