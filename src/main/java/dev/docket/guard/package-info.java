/**
 * Protects the server from its clients before a request reaches a resource: limits of headers,
 * bodies, threads and rates for each caller, checks of what browsers send, and error responses.
 */
@NullMarked
package dev.docket.guard;

import org.jspecify.annotations.NullMarked;
