/** Worker protocols: how one kind of worker receives tasks and how its replies are read. */
@NullMarked
package dev.docket.protocol;

import org.jspecify.annotations.NullMarked;
