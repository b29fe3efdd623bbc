package dev.docket.simulation;

import dev.docket.broker.TaskPublisher;
import dev.docket.store.StoreUnavailable;
import dev.docket.store.WriteOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/**
 * What befalls a server at one of its calls: it dies before it or after it, or lives on, but the
 * call is not done, or its answer gets lost. A dead one reaches nobody any more.
 */
public final class CrashPoint implements CrashingProxy {

  /** What befalls it. */
  public enum AckDecision {
    DIES_BEFORE("dies before"),
    DIES_AFTER("dies after"),
    CALL_LOST("loses"),
    ANSWER_LOST("loses the answer to");

    final String words;

    AckDecision(String words) {
      this.words = words;
    }
  }

  /** Nobody hears of it. */
  static final class Death extends RuntimeException {
    private static final long serialVersionUID = 1;

    Death() {
      super("dead", null, false, false);
    }
  }

  /** The calls so far, since they count. */
  final List<String> calls = new ArrayList<>();

  private final AckDecision fate;
  private final int at;
  private boolean counts = true;
  private Runnable meanwhile = () -> {};
  boolean dead;

  /**
   * Wires it.
   *
   * @param at the call, from 1; 0 for none
   */
  public CrashPoint(AckDecision fate, int at) {
    this.fate = fate;
    this.at = at;
  }

  static CrashPoint immortal() {
    return new CrashPoint(AckDecision.DIES_BEFORE, 0);
  }

  /** Whether calls are counted from now on; what is not counted succeeds. */
  void counts(boolean now) {
    counts = now;
  }

  /** Something happens while the next call is under way. */
  void meanwhile(Runnable something) {
    meanwhile = something;
  }

  @Override
  public Object through(String call, boolean isAsynchronous, Callable<Object> work)
      throws Exception {
    if (call.equals("TaskCourier.ready")) {
      return work.call();
    }
    if (dead) {
      return failed(isAsynchronous, new Death());
    }
    Runnable now = meanwhile;
    meanwhile = () -> {};
    now.run();
    if (!counts) {
      return work.call();
    }
    calls.add(call);
    if (calls.size() != at) {
      return work.call();
    }
    if (fate == AckDecision.DIES_AFTER || fate == AckDecision.ANSWER_LOST) {
      work.call();
    }
    if (fate == AckDecision.DIES_BEFORE || fate == AckDecision.DIES_AFTER) {
      dead = true;
      return failed(isAsynchronous, new Death());
    }
    return switch (call.substring(call.indexOf('.') + 1)) {
      case "create", "replace", "remove", "put" ->
          CompletableFuture.completedStage(new WriteOutcome.Unknown("lost"));
      case "publish" -> CompletableFuture.completedStage(TaskPublisher.Sent.NOT_NOW);
      default -> failed(isAsynchronous, new StoreUnavailable("lost"));
    };
  }

  private static Object failed(boolean isAsynchronous, RuntimeException failure) {
    if (isAsynchronous) {
      return CompletableFuture.failedStage(failure);
    }
    throw failure;
  }
}
