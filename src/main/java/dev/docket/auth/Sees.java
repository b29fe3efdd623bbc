package dev.docket.auth;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a resource method that shows the record whose id is the path parameter {@code id}. For a
 * caller that may not see it, the record does not exist.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Sees {
  OwnedRecord value();
}
