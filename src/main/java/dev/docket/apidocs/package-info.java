/**
 * What the HTTP API is, for programs and for people: the OpenAPI description and a page to read it.
 */
@NullMarked
package dev.docket.apidocs;

import org.jspecify.annotations.NullMarked;
