/** What came out of tasks: results, and where they are kept. */
@NullMarked
package dev.docket.result;

import org.jspecify.annotations.NullMarked;
