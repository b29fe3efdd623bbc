/** The start page: what the server knows about itself, and what is stuck; {@code GET /}. */
@NullMarked
package dev.docket.console;

import org.jspecify.annotations.NullMarked;
