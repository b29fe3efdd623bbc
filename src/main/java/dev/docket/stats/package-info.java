/**
 * How things stand: what a task is waiting for, how far store and broker agree, how many there are
 * of what. Looks and tells, changes nothing.
 */
@NullMarked
package dev.docket.stats;

import org.jspecify.annotations.NullMarked;
