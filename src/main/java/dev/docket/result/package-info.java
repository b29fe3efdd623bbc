/** Results of successful runs: values, storage port and HTTP resource. */
@NullMarked
package dev.docket.result;

import org.jspecify.annotations.NullMarked;
