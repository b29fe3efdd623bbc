/** JSON Web Tokens of other issuers: their keys, their signatures and their claims. */
@NullMarked
package dev.docket.auth.token;

import org.jspecify.annotations.NullMarked;
