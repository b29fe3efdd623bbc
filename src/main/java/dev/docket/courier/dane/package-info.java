/** DANE's workers: they answer through the broker when the work is done, and never claim. */
@NullMarked
package dev.docket.courier.dane;

import org.jspecify.annotations.NullMarked;
