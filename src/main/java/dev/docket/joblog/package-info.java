/** The logs of tasks: lines that workers, protocols and people append to a run. */
@NullMarked
package dev.docket.joblog;

import org.jspecify.annotations.NullMarked;
