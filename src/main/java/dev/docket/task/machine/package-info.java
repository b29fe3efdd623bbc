/**
 * The task state machine: commands, decisions, transitions and effects. Pure functions: no I/O, no
 * clock, no threads.
 */
@NullMarked
package dev.docket.task.machine;

import org.jspecify.annotations.NullMarked;
