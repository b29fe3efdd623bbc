/**
 * A real Elasticsearch and a broker on this machine, for trying Docket out and for tests;
 * production does not ship it.
 */
@NullMarked
package dev.docket.backends;

import org.jspecify.annotations.NullMarked;
