/**
 * The subset of Elasticsearch 7's API that DANE's workers and clients call, answered from Docket's
 * own records.
 */
@NullMarked
package dev.docket.dialect.dane.index;

import org.jspecify.annotations.NullMarked;
