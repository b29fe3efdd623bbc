/** Test support: runs a task handler on a sample task, without a broker or a server. */
@NullMarked
package dev.docket.worker.testkit;

import org.jspecify.annotations.NullMarked;
