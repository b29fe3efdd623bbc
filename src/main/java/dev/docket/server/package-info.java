/**
 * The application: configuration, wiring and commands. Depends on every package; no package depends
 * on it.
 */
@NullMarked
package dev.docket.server;

import org.jspecify.annotations.NullMarked;
