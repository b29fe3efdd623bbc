/** What each kind of worker's messages look like: how a task is sent and how an answer is read. */
@NullMarked
package dev.docket.courier;

import org.jspecify.annotations.NullMarked;
