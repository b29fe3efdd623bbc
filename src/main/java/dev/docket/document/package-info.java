/**
 * What is archived: documents, their identity, and what one can do with them. Knows no other room.
 */
@NullMarked
package dev.docket.document;

import org.jspecify.annotations.NullMarked;
