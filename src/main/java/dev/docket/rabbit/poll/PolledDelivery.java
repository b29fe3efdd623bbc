package dev.docket.rabbit.poll;

import dev.docket.broker.TaskQueue.Delivery;
import dev.docket.wire.RunId;
import java.util.concurrent.atomic.AtomicBoolean;

/** A message that was delivered to a poll. Only the first call that settles it has an effect. */
final class PolledDelivery implements Delivery {

  private final PollSession session;
  private final PolledMessage message;
  private final AtomicBoolean settled = new AtomicBoolean();

  PolledDelivery(PollSession session, PolledMessage message) {
    this.session = session;
    this.message = message;
  }

  @Override
  public RunId run() {
    return message.run();
  }

  @Override
  public void acknowledge() {
    if (settled.compareAndSet(false, true)) {
      session.settle(message, true);
    }
  }

  @Override
  public void giveBack() {
    if (settled.compareAndSet(false, true)) {
      session.settle(message, false);
    }
  }

  @Override
  public String toString() {
    return "PolledDelivery[" + message.run().task() + "]";
  }
}
