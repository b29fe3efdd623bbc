/** Documents: identity, registration, storage port and HTTP resource. */
@NullMarked
package dev.docket.document;

import org.jspecify.annotations.NullMarked;
