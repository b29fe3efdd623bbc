/**
 * Moving tasks along: doing what their outboxes say, and the sweeps and watches that find what was
 * left behind.
 */
@NullMarked
package dev.docket.dispatch;

import org.jspecify.annotations.NullMarked;
