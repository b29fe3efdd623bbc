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
 * A non-empty text of at most 8192 bytes in UTF-8, which fits into a keyword field: Elasticsearch
 * rejects terms over 32,766 bytes. A valid id is much shorter than that.
 */
@Documented
@Constraint(validatedBy = BoundedText.Check.class)
@Target({ElementType.FIELD, ElementType.PARAMETER, ElementType.RECORD_COMPONENT})
@Retention(RetentionPolicy.RUNTIME)
public @interface BoundedText {

  /** The error message. */
  String message() default "must be 1 to 8192 bytes of UTF-8 text";

  /** Unused. */
  Class<?>[] groups() default {};

  /** Unused. */
  Class<? extends Payload>[] payload() default {};

  /** Checks the length in bytes. */
  final class Check implements ConstraintValidator<BoundedText, CharSequence> {

    /** Unpaired surrogates have no UTF-8 encoding, so two such texts could become equal. */
    private static boolean isWellFormed(CharSequence text) {
      return text.codePoints().noneMatch(c -> c >= 0xD800 && c <= 0xDFFF);
    }

    @Override
    public boolean isValid(@Nullable CharSequence text, ConstraintValidatorContext context) {
      return text == null || isBounded(text);
    }

    /** Whether the text is valid. */
    public static boolean isBounded(CharSequence text) {
      return text.length() > 0
          && text.length() <= 8192
          && isWellFormed(text)
          && text.toString().getBytes(StandardCharsets.UTF_8).length <= 8192;
    }
  }
}
