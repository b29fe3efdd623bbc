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
import org.jspecify.annotations.Nullable;

/**
 * Text that is there and fits into a keyword field: 1 to 8192 bytes in UTF-8. Elasticsearch refuses
 * a term over 32,766 bytes; a name that long is a mistake well before that.
 */
@Documented
@Constraint(validatedBy = BoundedText.Check.class)
@Target({ElementType.FIELD, ElementType.PARAMETER, ElementType.RECORD_COMPONENT})
@Retention(RetentionPolicy.RUNTIME)
public @interface BoundedText {

  /** What is allowed. */
  String message() default "must be 1 to 8192 bytes of UTF-8 text";

  /** Unused. */
  Class<?>[] groups() default {};

  /** Unused. */
  Class<? extends Payload>[] payload() default {};

  /** Counts the bytes. */
  final class Check implements ConstraintValidator<BoundedText, CharSequence> {

    /** Half of a surrogate pair has no UTF-8, so two such names would be one. */
    private static boolean isWhole(CharSequence text) {
      return text.codePoints().noneMatch(c -> c >= 0xD800 && c <= 0xDFFF);
    }

    @Override
    public boolean isValid(@Nullable CharSequence text, ConstraintValidatorContext context) {
      return text == null
          || (text.length() > 0
              && text.length() <= 8192
              && isWhole(text)
              && text.toString().getBytes(StandardCharsets.UTF_8).length <= 8192);
    }
  }
}
