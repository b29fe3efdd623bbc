/**
 * Dependencies between tasks: registration, notification of dependents, cycle detection, and the
 * sweep over waiting tasks.
 */
@NullMarked
package dev.docket.dependency;

import org.jspecify.annotations.NullMarked;
