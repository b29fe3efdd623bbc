package dev.docket.auth;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * The owner of a document, a task or a result: the principal that submitted it. Never changes.
 *
 * @param name name of the principal; empty for {@link #NOBODY}
 * @param group group of the principal when it submitted the record; null if it had none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Owner(String name, @Nullable String group) {

  /**
   * The owner of records that were submitted without authentication, or by a release without
   * owners. Only callers that see all records see these.
   */
  public static final Owner NOBODY = new Owner("", null);

  public Owner {
    if (name.isEmpty() && group != null) {
      throw new IllegalArgumentException("an owner without a name has no group");
    }
  }

  /** Returns the owner of a record that has none if it is {@link #NOBODY}'s. */
  public static Owner ofNullable(@Nullable Owner owner) {
    return owner == null ? NOBODY : owner;
  }

  /** Returns this owner; null for {@link #NOBODY}. */
  public @Nullable Owner orNull() {
    return isNobody() ? null : this;
  }

  @JsonIgnore
  public boolean isNobody() {
    return name.isEmpty();
  }
}
