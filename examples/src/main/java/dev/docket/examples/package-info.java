/** Example workers, and the programs that show Docket at work on one machine. */
@NullMarked
package dev.docket.examples;

import org.jspecify.annotations.NullMarked;
