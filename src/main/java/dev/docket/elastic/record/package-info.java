/** The JSON form of records in Elasticsearch. */
@NullMarked
package dev.docket.elastic.record;

import org.jspecify.annotations.NullMarked;
