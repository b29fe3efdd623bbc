/** Runs a task handler on a made-up task, without broker or server. */
@NullMarked
package dev.docket.worker.testkit;

import org.jspecify.annotations.NullMarked;
