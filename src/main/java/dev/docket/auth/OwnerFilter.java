package dev.docket.auth;

import org.jspecify.annotations.Nullable;

/**
 * Selects records by their owner: those that a caller may see, or those that it may change.
 *
 * @param name includes the records of this principal
 * @param group includes the records of this group; null for none
 */
public record OwnerFilter(Scope scope, String name, @Nullable String group) {

  /** Includes all records. */
  public static final OwnerFilter ALL = new OwnerFilter(Scope.ALL, "", null);

  /** Returns a filter for a caller. Without a group, {@link Scope#GROUP} is {@link Scope#OWN}. */
  static OwnerFilter of(Scope scope, String name, @Nullable String group) {
    return switch (scope) {
      case ALL -> ALL;
      case GROUP -> new OwnerFilter(group == null ? Scope.OWN : Scope.GROUP, name, group);
      case OWN -> new OwnerFilter(Scope.OWN, name, null);
    };
  }

  public boolean includesAll() {
    return scope == Scope.ALL;
  }

  public boolean includes(Owner owner) {
    return includesAll()
        || (!owner.isNobody()
            && (owner.name().equals(name) || (group != null && group.equals(owner.group()))));
  }
}
