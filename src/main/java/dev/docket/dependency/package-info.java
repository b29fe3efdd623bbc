/**
 * Dependencies between tasks: registering, waking, cycle detection, and the sweep over waiting
 * tasks.
 */
@NullMarked
package dev.docket.dependency;

import org.jspecify.annotations.NullMarked;
