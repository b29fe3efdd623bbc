package dev.docket.protocol.manual;

import dev.docket.protocol.Transport;
import dev.docket.protocol.WorkerProtocol;
import dev.docket.task.Policy;
import dev.docket.task.Run;

/**
 * The protocol of keys that people do. Nothing is sent: a person finds a task, claims it over HTTP
 * without an expiry, and reports its end.
 */
public final class ManualProtocol implements WorkerProtocol {

  @Override
  public String name() {
    return Run.MANUAL;
  }

  @Override
  public Policy.AckMode ackMode() {
    return Policy.AckMode.CLAIMS;
  }

  @Override
  public Transport transport() {
    return new Transport.None();
  }
}
