/**
 * Searches over documents, tasks and results together, by conditions that know no query language:
 * for dialects that translate queries of their own.
 */
@NullMarked
package dev.docket.search.record;

import org.jspecify.annotations.NullMarked;
