/** Searches in Elasticsearch: by field, by page, from a point in time. */
@NullMarked
package dev.docket.elastic.search;

import org.jspecify.annotations.NullMarked;
