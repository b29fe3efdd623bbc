package dev.docket.auth;

import java.util.Set;

/** The roles of callers. Every route names the roles that may use it. */
public final class Roles {

  /** Submits, retries and deletes documents and tasks. */
  public static final String ARCHIVIST = "archivist";

  /** Claims tasks, reports on them and submits results. */
  public static final String WORKER = "worker";

  /** Reads documents, tasks and results. */
  public static final String ANALYST = "analyst";

  /** May do everything. */
  public static final String ADMIN = "admin";

  /** All roles. */
  public static final Set<String> ALL = Set.of(ARCHIVIST, WORKER, ANALYST, ADMIN);

  private Roles() {}
}
