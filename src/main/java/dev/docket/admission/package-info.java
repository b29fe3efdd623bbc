/** Hands the waiting runs of limited task keys out, within the limits of their key. */
@NullMarked
package dev.docket.admission;

import org.jspecify.annotations.NullMarked;
