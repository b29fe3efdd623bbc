package dev.docket.auth;

import java.security.Principal;
import java.util.Set;

/** Who is calling: the name of his API key, and what it may do. */
public record Caller(String name, Set<String> roles) implements Principal {

  /** The caller where no keys are configured: nobody in particular, who may do everything. */
  public static final Caller ANYONE = new Caller("anonymous", Roles.ALL);

  public Caller {
    roles = Set.copyOf(roles);
  }

  @Override
  public String getName() {
    return name;
  }
}
