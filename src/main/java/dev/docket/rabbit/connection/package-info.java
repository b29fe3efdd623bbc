/** Connections to the broker that recover, topology declarations, and settings. */
@NullMarked
package dev.docket.rabbit.connection;

import org.jspecify.annotations.NullMarked;
