/** Requests with many items: JSON arrays and NDJSON streams in, one outcome for each item out. */
@NullMarked
package dev.docket.http.batch;

import org.jspecify.annotations.NullMarked;
