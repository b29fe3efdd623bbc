/**
 * DANE's HTTP API below {@code /DANE/}, and the store as DANE's worker library sees it: translated
 * to the domain, to the letter, for clients and workers that were written for DANE-server.
 */
@NullMarked
package dev.docket.dialect.dane;

import org.jspecify.annotations.NullMarked;
