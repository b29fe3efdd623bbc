/** JUnit extension that shares one Elasticsearch and one broker among all classes of a test run. */
@NullMarked
package dev.docket.backends.junit;

import org.jspecify.annotations.NullMarked;
