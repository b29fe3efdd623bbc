package dev.docket.auth;

import java.security.Principal;
import java.util.Set;

/** The caller of a request: the name and the roles of its API key. */
public record Caller(String name, Set<String> roles) implements Principal {

  /** The caller of all requests if no API keys are configured. Has all roles. */
  public static final Caller ANONYMOUS = new Caller("anonymous", Roles.ALL);

  public Caller {
    roles = Set.copyOf(roles);
  }

  @Override
  public String getName() {
    return name;
  }
}
