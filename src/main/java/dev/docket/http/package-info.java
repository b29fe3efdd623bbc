/**
 * HTTP building blocks that every domain may use: problem responses, request bodies, body limits.
 */
@NullMarked
package dev.docket.http;

import org.jspecify.annotations.NullMarked;
