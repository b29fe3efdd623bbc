/** Index templates, mappings, aliases, refreshes and the health check of Elasticsearch. */
@NullMarked
package dev.docket.elastic.index;

import org.jspecify.annotations.NullMarked;
