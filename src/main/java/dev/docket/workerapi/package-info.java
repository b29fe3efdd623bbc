/** The HTTP API for workers: reports, polls, and the registry of workers. */
@NullMarked
package dev.docket.workerapi;

import org.jspecify.annotations.NullMarked;
