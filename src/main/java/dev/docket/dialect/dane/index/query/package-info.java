/**
 * The subset of Elasticsearch's query language that DANE's clients use, and its translation to
 * conditions on Docket's own records. Pure, except for the joins that it asks for.
 */
@NullMarked
package dev.docket.dialect.dane.index.query;

import org.jspecify.annotations.NullMarked;
