package dev.docket.auth;

import java.security.Principal;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The caller of a request: an authenticated principal with its rights.
 *
 * @param name name of the principal
 * @param group group of the principal; null if it has none
 * @param taskKeys the only task keys for which it may work, submit or change tasks; null for all
 * @param sees the records that it may see
 * @param changes the records that it may change, all of which it sees
 */
public record Caller(
    String name,
    @Nullable String group,
    Set<String> roles,
    @Nullable Set<String> taskKeys,
    OwnerFilter sees,
    OwnerFilter changes)
    implements Principal {

  /** The caller of all requests if no authentication is configured. Has all roles. */
  public static final Caller ANONYMOUS = new Caller("anonymous", Roles.ALL);

  public Caller {
    roles = Set.copyOf(roles);
    taskKeys = taskKeys == null ? null : Set.copyOf(taskKeys);
  }

  /** A caller without a group, which sees and changes all records of all task keys. */
  public Caller(String name, Set<String> roles) {
    this(name, null, roles, null, OwnerFilter.ALL, OwnerFilter.ALL);
  }

  @Override
  public String getName() {
    return name;
  }

  /** The owner of what the caller submits. */
  public Owner owner() {
    return equals(ANONYMOUS) ? Owner.NOBODY : new Owner(name, group);
  }

  /** Whether the caller may work, submit or change tasks of this key. */
  public boolean mayUse(String taskKey) {
    return taskKeys == null || taskKeys.contains(taskKey);
  }
}
