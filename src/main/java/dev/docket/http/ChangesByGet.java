package dev.docket.http;

import jakarta.ws.rs.NameBinding;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a GET method that changes something, as the API of another system has it. {@link
 * ChangesByGetFilter} rejects such requests of other sites' pages, which could send them with a
 * link or an image.
 */
@NameBinding
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface ChangesByGet {}
