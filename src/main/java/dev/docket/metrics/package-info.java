/**
 * Prometheus metrics. The classes implement listener ports of other packages, which do not depend
 * on this one. Label values are keys, states and outcomes, never ids.
 */
@NullMarked
package dev.docket.metrics;

import org.jspecify.annotations.NullMarked;
