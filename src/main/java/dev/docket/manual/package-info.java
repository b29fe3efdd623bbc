/** Tasks that people do: their lists, their claims, and the form of their outputs. */
@NullMarked
package dev.docket.manual;

import org.jspecify.annotations.NullMarked;
