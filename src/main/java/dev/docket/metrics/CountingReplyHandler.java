package dev.docket.metrics;

import dev.docket.broker.ReplyHandler;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.concurrent.CompletionStage;

/** Counts replies by outcome. A reply that is redelivered is counted again. */
final class CountingReplyHandler implements ReplyHandler {

  private final ReplyHandler handler;
  private final Counter counter;

  CountingReplyHandler(ReplyHandler handler, PrometheusRegistry registry) {
    this.handler = handler;
    this.counter =
        Counter.builder()
            .name("docket_answers_total")
            .help("Replies received from the response queue, by outcome.")
            .labelNames("fate")
            .register(registry);
    for (AckDecision decision : AckDecision.values()) {
      counter.initLabelValues(label(decision));
    }
  }

  @Override
  public CompletionStage<AckDecision> handle(String correlationId, byte[] body) {
    return handler
        .handle(correlationId, body)
        .thenApply(
            decision -> {
              counter.labelValues(label(decision)).inc();
              return decision;
            });
  }

  private static String label(AckDecision decision) {
    return switch (decision) {
      case ACKNOWLEDGE -> "done";
      case DEAD_LETTER -> "unreadable";
      case RETRY_LATER -> "not_now";
    };
  }
}
