/** Sweeps (periodic background jobs), their scheduler, and the election of the leader. */
@NullMarked
package dev.docket.maintenance;

import org.jspecify.annotations.NullMarked;
