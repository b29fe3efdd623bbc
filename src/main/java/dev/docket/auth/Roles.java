package dev.docket.auth;

import java.util.Set;

/** What a caller may be. Every route names the roles that may use it. */
public final class Roles {

  /** Submits, retries and deletes documents and tasks. */
  public static final String ARCHIVIST = "archivist";

  /** Claims tasks, reports on them and hands in results. */
  public static final String WORKER = "worker";

  /** Reads. */
  public static final String ANALYST = "analyst";

  /** Everything. */
  public static final String ADMIN = "admin";

  /** All of them. */
  public static final Set<String> ALL = Set.of(ARCHIVIST, WORKER, ANALYST, ADMIN);

  private Roles() {}
}
