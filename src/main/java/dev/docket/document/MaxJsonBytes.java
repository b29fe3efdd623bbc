package dev.docket.document;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Limits the approximate size of free-form JSON. Records are read many at a time, so larger content
 * belongs in a file.
 */
@Documented
@Constraint(validatedBy = MaxJsonBytes.Check.class)
@Target({ElementType.FIELD, ElementType.PARAMETER, ElementType.RECORD_COMPONENT})
@Retention(RetentionPolicy.RUNTIME)
public @interface MaxJsonBytes {

  /** The default limit, in bytes. */
  int DEFAULT_MAX = 256 * 1024;

  /** Maximum size as JSON in UTF-8, in bytes. */
  int max() default DEFAULT_MAX;

  /** The error message. */
  String message() default "must be at most {max} bytes as JSON";

  /** Unused. */
  Class<?>[] groups() default {};

  /** Unused. */
  Class<? extends Payload>[] payload() default {};

  /** Checks the size. */
  final class Check implements ConstraintValidator<MaxJsonBytes, Map<String, ?>> {

    private int max;

    @Override
    public void initialize(MaxJsonBytes constraint) {
      max = constraint.max();
    }

    @Override
    public boolean isValid(@Nullable Map<String, ?> json, ConstraintValidatorContext context) {
      return length(json) <= max;
    }

    /** The approximate size of a value as JSON, in bytes; escapes are not counted. */
    public static long length(@Nullable Object json) {
      if (json instanceof Map<?, ?> object) {
        long total = 2;
        for (Map.Entry<?, ?> entry : object.entrySet()) {
          total += length(entry.getKey()) + length(entry.getValue()) + 2;
        }
        return total;
      }
      if (json instanceof Collection<?> array) {
        long total = 2;
        for (Object item : array) {
          total += length(item) + 1;
        }
        return total;
      }
      String text = String.valueOf(json);
      int quotes = json instanceof String ? 2 : 0;
      return quotes + (long) text.getBytes(StandardCharsets.UTF_8).length;
    }
  }
}
