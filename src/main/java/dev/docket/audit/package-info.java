/** Audit records: who changed what by hand, and which credentials were rejected. */
@NullMarked
package dev.docket.audit;

import org.jspecify.annotations.NullMarked;
