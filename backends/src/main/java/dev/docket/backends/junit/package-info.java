/** Shares one Elasticsearch and one broker among all JUnit classes of a run. */
@NullMarked
package dev.docket.backends.junit;

import org.jspecify.annotations.NullMarked;
