/** Searches and exports of documents, tasks and results. */
@NullMarked
package dev.docket.search;

import org.jspecify.annotations.NullMarked;
