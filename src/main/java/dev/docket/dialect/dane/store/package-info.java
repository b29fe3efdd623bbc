/**
 * The store as DANE's worker library sees it: just those calls of Elasticsearch 7 that it makes,
 * answered from Docket's own records.
 */
@NullMarked
package dev.docket.dialect.dane.store;

import org.jspecify.annotations.NullMarked;
