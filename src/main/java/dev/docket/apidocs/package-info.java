/** The OpenAPI description of the HTTP API, and the page that shows it. */
@NullMarked
package dev.docket.apidocs;

import org.jspecify.annotations.NullMarked;
