/**
 * The storage kernel: versions, compare-and-set outcomes, and errors that every store port shares.
 */
@NullMarked
package dev.docket.store;

import org.jspecify.annotations.NullMarked;
