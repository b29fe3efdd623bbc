/** The HTTP resources and views of tasks. */
@NullMarked
package dev.docket.task.api;

import org.jspecify.annotations.NullMarked;
