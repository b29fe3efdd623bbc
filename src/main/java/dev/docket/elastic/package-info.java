/** The Elasticsearch adapter. No other package uses the Elasticsearch client. */
@NullMarked
package dev.docket.elastic;

import org.jspecify.annotations.NullMarked;
