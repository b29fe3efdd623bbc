/**
 * The protocol of DANE workers: they reply through the broker when the work is done, and never
 * claim.
 */
@NullMarked
package dev.docket.protocol.dane;

import org.jspecify.annotations.NullMarked;
