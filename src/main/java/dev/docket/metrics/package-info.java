/**
 * Prometheus metrics. Metrics classes listen at the ports of other packages, which do not know
 * them. Label values are keys, states and outcomes, never ids.
 */
@NullMarked
package dev.docket.metrics;

import org.jspecify.annotations.NullMarked;
