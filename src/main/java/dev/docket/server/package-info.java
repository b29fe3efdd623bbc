/** The application: configuration, wiring, commands. Knows every room; no room knows it. */
@NullMarked
package dev.docket.server;

import org.jspecify.annotations.NullMarked;
