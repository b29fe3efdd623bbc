/**
 * Figures for operators, in Prometheus' format: listens at the ports of the other rooms, which know
 * nothing of it. Label values are keys, states, outcomes and the like, never ids.
 */
@NullMarked
package dev.docket.metrics;

import org.jspecify.annotations.NullMarked;
