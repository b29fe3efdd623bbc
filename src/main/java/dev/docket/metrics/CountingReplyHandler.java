package dev.docket.metrics;

import dev.docket.broker.ReplyHandler;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Locale;
import java.util.concurrent.CompletionStage;

/** Counts what becomes of the answers of workers. One that is offered again counts again. */
final class CountingReplyHandler implements ReplyHandler {

  private final ReplyHandler answers;
  private final Counter counter;

  CountingReplyHandler(ReplyHandler answers, PrometheusRegistry registry) {
    this.answers = answers;
    this.counter =
        Counter.builder()
            .name("docket_answers_total")
            .help("Answers of workers taken from the response queue")
            .labelNames("fate")
            .register(registry);
    for (AckDecision fate : AckDecision.values()) {
      counter.initLabelValues(label(fate));
    }
  }

  @Override
  public CompletionStage<AckDecision> take(String correlationId, byte[] body) {
    return answers
        .take(correlationId, body)
        .thenApply(
            fate -> {
              counter.labelValues(label(fate)).inc();
              return fate;
            });
  }

  private static String label(AckDecision fate) {
    return fate.name().toLowerCase(Locale.ROOT);
  }
}
