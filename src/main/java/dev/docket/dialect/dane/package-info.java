/** The HTTP API of DANE-server below {@code /DANE/}, for its unmodified clients. */
@NullMarked
package dev.docket.dialect.dane;

import org.jspecify.annotations.NullMarked;
