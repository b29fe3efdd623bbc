/** Batch requests as JSON arrays and NDJSON streams, with an outcome for each item. */
@NullMarked
package dev.docket.http.batch;

import org.jspecify.annotations.NullMarked;
