package dev.docket.workerapi;

import dev.docket.http.AwaitedContent;
import dev.docket.wire.PollResponse;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** One HTTP request for a poll. Requests with the same poll id share a poll. */
final class PollRequestHandle implements AwaitedContent<PollResponse> {

  private final OpenPoll poll;
  private final Runnable onAbandoned;

  /**
   * Creates the handle.
   *
   * @param onAbandoned called when the clients of all requests for the poll have disconnected
   */
  PollRequestHandle(OpenPoll poll, Runnable onAbandoned) {
    this.poll = poll;
    this.onAbandoned = onAbandoned;
  }

  @Override
  public CompletionStage<PollResponse> content() {
    return poll.response();
  }

  @Override
  public boolean isWaiting() {
    return poll.isWaiting();
  }

  /** An empty poll for clients that do not know the field {@code error}. */
  @Override
  public PollResponse failure(int status, String detail) {
    return new PollResponse(List.of(), new PollResponse.Failure(status, detail));
  }

  @Override
  public void sent() {
    poll.requestReceived();
  }

  @Override
  public void lost() {
    if (poll.requestLost()) {
      onAbandoned.run();
    }
  }
}
