/** The HTTP API for workers: reports and polls. */
@NullMarked
package dev.docket.workerapi;

import org.jspecify.annotations.NullMarked;
