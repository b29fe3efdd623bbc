/**
 * How things stand: what a task is waiting for, and how far store and broker agree. Looks and
 * tells, changes nothing.
 */
@NullMarked
package dev.docket.stats;

import org.jspecify.annotations.NullMarked;
