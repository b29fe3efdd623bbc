package dev.docket.service;

import java.util.concurrent.CompletionStage;

/** Acts on services that this server has changed. */
@FunctionalInterface
public interface ServiceListener {

  /**
   * Called after a service was created or changed. Must not block.
   *
   * @return a stage for which the response to the change waits; must complete within seconds
   */
  CompletionStage<?> changed(Service service);
}
