/** The storage ports, implemented on Elasticsearch. */
@NullMarked
package dev.docket.elastic.store;

import org.jspecify.annotations.NullMarked;
