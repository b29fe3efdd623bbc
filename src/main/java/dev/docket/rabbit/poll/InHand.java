package dev.docket.rabbit.poll;

import dev.docket.broker.TaskQueue.Taken;
import dev.docket.wire.RunId;
import java.util.concurrent.atomic.AtomicBoolean;

/** A message that a take has handed over; what is said of it first counts. */
final class InHand implements Taken {

  private final Take take;
  private final Held held;
  private final AtomicBoolean settled = new AtomicBoolean();

  InHand(Take take, Held held) {
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
