/** Example workers, and programs that run and demonstrate Docket on one machine. */
@NullMarked
package dev.docket.examples;

import org.jspecify.annotations.NullMarked;
