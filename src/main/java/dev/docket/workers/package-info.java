/** The workers that the servers know, and how many of their slots are taken. */
@NullMarked
package dev.docket.workers;

import org.jspecify.annotations.NullMarked;
