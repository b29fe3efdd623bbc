/**
 * Runs Elasticsearch and a broker on this machine, for trials and tests. Not part of a production
 * server.
 */
@NullMarked
package dev.docket.backends;

import org.jspecify.annotations.NullMarked;
