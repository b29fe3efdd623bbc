/**
 * Imports the documents, tasks and results of a DANE installation from its Elasticsearch index. The
 * mapping is pure; {@link dev.docket.dialect.dane.importing.DaneImport} reads, maps and writes.
 */
@NullMarked
package dev.docket.dialect.dane.importing;

import org.jspecify.annotations.NullMarked;
