/** Authorization: API keys, principals and roles. */
@NullMarked
package dev.docket.auth;

import org.jspecify.annotations.NullMarked;
