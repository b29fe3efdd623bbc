package dev.docket.rabbit.consume;

import dev.docket.broker.ReplyHandler;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** Remembers what it was offered, in order, and says what the test told it to say. */
public final class RecordingReplyHandler implements ReplyHandler {

  private final List<Offer> offers = new CopyOnWriteArrayList<>();
  private volatile Function<Offer, CompletionStage<AckDecision>> say;

  record Offer(String correlationId, String body) {}

  RecordingReplyHandler(Function<Offer, CompletionStage<AckDecision>> say) {
    this.say = say;
  }

  /** One that stores everything. */
  static RecordingReplyHandler storing() {
    return always(AckDecision.DONE);
  }

  public static RecordingReplyHandler always(AckDecision decision) {
    return new RecordingReplyHandler(offer -> CompletableFuture.completedStage(decision));
  }

  public void fromNowOn(AckDecision decision) {
    say = offer -> CompletableFuture.completedStage(decision);
  }

  @Override
  public CompletionStage<AckDecision> take(String correlationId, byte[] body) {
    Offer offer = new Offer(correlationId, new String(body, StandardCharsets.UTF_8));
    offers.add(offer);
    return say.apply(offer);
  }

  public List<Offer> offers() {
    return offers;
  }

  public List<String> bodies() {
    return offers.stream().map(Offer::body).toList();
  }
}
