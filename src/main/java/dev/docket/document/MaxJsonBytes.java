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
 * Free-form JSON that is about as long as it may be. Records are read many at a time: what is
 * larger belongs into a file.
 */
@Documented
@Constraint(validatedBy = MaxJsonBytes.Check.class)
@Target({ElementType.FIELD, ElementType.PARAMETER, ElementType.RECORD_COMPONENT})
@Retention(RetentionPolicy.RUNTIME)
public @interface MaxJsonBytes {

  /** The usual limit. */
  int DEFAULT_MAX = 256 * 1024;

  /** The most bytes as JSON in UTF-8. */
  int max() default DEFAULT_MAX;

  /** What is allowed. */
  String message() default "must be at most {max} bytes as JSON";

  /** Unused. */
  Class<?>[] groups() default {};

  /** Unused. */
  Class<? extends Payload>[] payload() default {};

  /** Counts the bytes. */
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

    /** About how many bytes a value is as JSON; what has to be escaped is counted once. */
    public static long length(@Nullable Object json) {
      if (json instanceof Map<?, ?> object) {
        long all = 2;
        for (Map.Entry<?, ?> entry : object.entrySet()) {
          all += length(entry.getKey()) + length(entry.getValue()) + 2;
        }
        return all;
      }
      if (json instanceof Collection<?> array) {
        long all = 2;
        for (Object item : array) {
          all += length(item) + 1;
        }
        return all;
      }
      String text = String.valueOf(json);
      int quotes = json instanceof String ? 2 : 0;
      return quotes + (long) text.getBytes(StandardCharsets.UTF_8).length;
    }
  }
}
