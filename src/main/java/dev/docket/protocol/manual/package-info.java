/** The protocol of keys that people do. */
@NullMarked
package dev.docket.protocol.manual;

import org.jspecify.annotations.NullMarked;
