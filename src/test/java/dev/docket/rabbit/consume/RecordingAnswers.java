package dev.docket.rabbit.consume;

import dev.docket.broker.Answers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** Remembers what it was offered, in order, and says what the test told it to say. */
public final class RecordingAnswers implements Answers {

  private final List<Offer> offers = new CopyOnWriteArrayList<>();
  private volatile Function<Offer, CompletionStage<Fate>> say;

  record Offer(String correlationId, String body) {}

  RecordingAnswers(Function<Offer, CompletionStage<Fate>> say) {
    this.say = say;
  }

  /** One that stores everything. */
  static RecordingAnswers storing() {
    return always(Fate.DONE);
  }

  public static RecordingAnswers always(Fate fate) {
    return new RecordingAnswers(offer -> CompletableFuture.completedStage(fate));
  }

  public void fromNowOn(Fate fate) {
    say = offer -> CompletableFuture.completedStage(fate);
  }

  @Override
  public CompletionStage<Fate> take(String correlationId, byte[] body) {
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
