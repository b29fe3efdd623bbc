/** Elasticsearch: where documents, tasks and results are kept. No other room knows its client. */
@NullMarked
package dev.docket.elastic;

import org.jspecify.annotations.NullMarked;
