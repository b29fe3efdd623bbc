package dev.docket.protocol;

import dev.docket.broker.BrokerNames;
import dev.docket.task.Policy;

/** How one kind of worker receives tasks, acknowledges them and reports. */
public interface WorkerProtocol {

  /** The name of the protocol in the configuration and in a task's field {@code courier}. */
  String name();

  /** When its workers acknowledge messages, and whether they claim tasks. */
  Policy.AckMode ackMode();

  /** How tasks reach its workers. */
  Transport transport();

  /** Creates the protocol for an installation. */
  interface Factory {
    WorkerProtocol create(BrokerNames names);
  }
}
