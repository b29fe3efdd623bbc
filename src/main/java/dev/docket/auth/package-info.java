/** Who makes a request, and what they may see and change: callers, roles, owners and task keys. */
@NullMarked
package dev.docket.auth;

import org.jspecify.annotations.NullMarked;
