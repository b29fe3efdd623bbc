package dev.docket.service;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An input or an output of a service.
 *
 * @param name the name of the field, unique among the inputs or outputs of the service
 * @param title a label for people; null for the name
 * @param type the type of the value, from which a form chooses how people enter it
 * @param mediaTypes the allowed media types of a file or a text, preferred ones first; empty for
 *     all
 * @param allowed the only allowed values, from which a form makes a choice; empty for all
 * @param mandatory whether the field must have a value; null for false
 * @param formatHint further hints for programs that read or write the field, any JSON; null for
 *     none
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Field(
    String name,
    @Nullable String title,
    @Nullable String description,
    ValueType type,
    List<String> mediaTypes,
    List<Object> allowed,
    @Nullable Boolean mandatory,
    @Nullable Object formatHint) {

  public Field {
    mediaTypes = ServiceSpec.copy(mediaTypes);
    allowed = ServiceSpec.copy(allowed);
  }

  /** Whether the field must have a value. */
  @JsonIgnore
  public boolean isMandatory() {
    return Boolean.TRUE.equals(mandatory);
  }

  /** What is wrong with a value, and what is allowed; empty if it is valid. */
  public Optional<String> violation(@Nullable Object value) {
    return ValueCheck.violation(type, null, null, allowed, value);
  }
}
