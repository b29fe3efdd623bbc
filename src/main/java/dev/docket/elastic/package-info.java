/** The Elasticsearch adapter. No package outside of it uses the Elasticsearch client. */
@NullMarked
package dev.docket.elastic;

import org.jspecify.annotations.NullMarked;
