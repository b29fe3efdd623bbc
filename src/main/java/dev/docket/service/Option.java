package dev.docket.service;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An argument that tasks of a service can have.
 *
 * @param name the name of the argument
 * @param title a label for people; null for the name
 * @param type the type of the value
 * @param defaultValue the value if a task has none; in JSON {@code default}; null for no default
 * @param min the smallest allowed number, inclusive; null for no limit
 * @param max the largest allowed number, inclusive; null for no limit
 * @param allowed the only allowed values; empty for all
 * @param mandatory whether each task must have the argument; null for false
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Option(
    String name,
    @Nullable String title,
    @Nullable String description,
    ValueType type,
    @JsonProperty("default") @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable Object defaultValue,
    @Nullable Number min,
    @Nullable Number max,
    List<Object> allowed,
    @Nullable Boolean mandatory) {

  public Option {
    allowed = ServiceSpec.copy(allowed);
  }

  @JsonIgnore
  boolean isMandatory() {
    return Boolean.TRUE.equals(mandatory);
  }

  /** What is wrong with a value, and what is allowed; empty if it is valid. */
  public Optional<String> violation(@Nullable Object value) {
    return ValueCheck.violation(type, min, max, allowed, value);
  }
}
