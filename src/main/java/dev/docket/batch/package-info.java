/** Many items in one request: arrays in, arrays or streams of lines out, each item on its own. */
@NullMarked
package dev.docket.batch;

import org.jspecify.annotations.NullMarked;
