package dev.docket.rabbit.consume;

import dev.docket.broker.ReplyHandler;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** Records the replies that it handles, in order, and returns the decisions that a test sets. */
public final class RecordingReplyHandler implements ReplyHandler {

  private final List<Reply> replies = new CopyOnWriteArrayList<>();
  private volatile Function<Reply, CompletionStage<AckDecision>> decisions;

  record Reply(String correlationId, String body) {}

  RecordingReplyHandler(Function<Reply, CompletionStage<AckDecision>> decisions) {
    this.decisions = decisions;
  }

  /** A handler that acknowledges every reply. */
  static RecordingReplyHandler acknowledging() {
    return always(AckDecision.ACKNOWLEDGE);
  }

  public static RecordingReplyHandler always(AckDecision decision) {
    return new RecordingReplyHandler(reply -> CompletableFuture.completedStage(decision));
  }

  public void setDecision(AckDecision decision) {
    decisions = reply -> CompletableFuture.completedStage(decision);
  }

  @Override
  public CompletionStage<AckDecision> handle(String correlationId, byte[] body) {
    Reply reply = new Reply(correlationId, new String(body, StandardCharsets.UTF_8));
    replies.add(reply);
    return decisions.apply(reply);
  }

  public List<Reply> replies() {
    return replies;
  }

  public List<String> bodies() {
    return replies.stream().map(Reply::body).toList();
  }
}
