/** Reading: documents and tasks by what they are and by the words in them. */
@NullMarked
package dev.docket.search;

import org.jspecify.annotations.NullMarked;
