/** Connections to Elasticsearch, and the group commit of writes. */
@NullMarked
package dev.docket.elastic.client;

import org.jspecify.annotations.NullMarked;
