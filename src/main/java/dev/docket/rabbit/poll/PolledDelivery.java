package dev.docket.rabbit.poll;

import dev.docket.broker.TaskQueue.Taken;
import dev.docket.wire.RunId;
import java.util.concurrent.atomic.AtomicBoolean;

/** A message that a take has handed over; what is said of it first counts. */
final class PolledDelivery implements Taken {

  private final PollSession take;
  private final PolledMessage held;
  private final AtomicBoolean settled = new AtomicBoolean();

  PolledDelivery(PollSession take, PolledMessage held) {
    this.take = take;
    this.held = held;
  }

  @Override
  public RunId run() {
    return held.run();
  }

  @Override
  public void acknowledge() {
    if (settled.compareAndSet(false, true)) {
      take.settle(held, true);
    }
  }

  @Override
  public void giveBack() {
    if (settled.compareAndSet(false, true)) {
      take.settle(held, false);
    }
  }

  @Override
  public String toString() {
    return "InHand[" + held.run().task() + "]";
  }
}
