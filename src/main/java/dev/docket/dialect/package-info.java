/**
 * HTTP APIs of other systems, one sub-package each. Here is what they share: how the server mounts
 * them, and the phases of a task that they put into their own words.
 */
@NullMarked
package dev.docket.dialect;

import org.jspecify.annotations.NullMarked;
