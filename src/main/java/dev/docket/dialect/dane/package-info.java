/** DANE's HTTP API below {@code /DANE/}, for clients that were written for DANE-server. */
@NullMarked
package dev.docket.dialect.dane;

import org.jspecify.annotations.NullMarked;
