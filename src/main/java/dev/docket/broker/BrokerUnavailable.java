package dev.docket.broker;

import dev.docket.http.Problem;
import java.io.Serial;

/** The broker is unreachable or overloaded; the caller may try again. */
public final class BrokerUnavailable extends Problem {

  @Serial private static final long serialVersionUID = 1;

  public BrokerUnavailable(String message) {
    super(Kind.UNAVAILABLE, message);
  }
}
