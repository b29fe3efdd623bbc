/** Background jobs: sweeps, their scheduler, and the election of the leader that runs them. */
@NullMarked
package dev.docket.maintenance;

import org.jspecify.annotations.NullMarked;
