package dev.docket.simulation;

import dev.docket.broker.TaskPublisher;
import dev.docket.store.StoreUnavailable;
import dev.docket.store.WriteOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/**
 * Injects one failure into one call of a server to its ports: the server crashes before or after
 * the call, the call is not executed, or its response is lost. A crashed server's further calls all
 * fail with {@link ServerCrashed} and have no effect.
 */
public final class CrashPoint implements CrashingProxy {

  /** The failure that is injected. */
  public enum FailureMode {
    CRASH_BEFORE("crashes before"),
    CRASH_AFTER("crashes after"),
    LOSE_CALL("loses"),
    LOSE_RESPONSE("loses the response to");

    final String description;

    FailureMode(String description) {
      this.description = description;
    }
  }

  /** Stands for the end of the server's process: no caller receives a response. */
  static final class ServerCrashed extends RuntimeException {
    private static final long serialVersionUID = 1;

    ServerCrashed() {
      super("the server has crashed", null, false, false);
    }
  }

  /** The counted calls so far. */
  final List<String> calls = new ArrayList<>();

  private final FailureMode failureMode;
  private final int failingCall;
  private boolean isCounting = true;
  private Runnable duringNextCall = () -> {};
  boolean crashed;

  /**
   * Creates a crash point.
   *
   * @param failingCall the number of the call that fails, from 1; 0 if none fails
   */
  public CrashPoint(FailureMode failureMode, int failingCall) {
    this.failureMode = failureMode;
    this.failingCall = failingCall;
  }

  /** Counts the calls and injects no failure. */
  static CrashPoint none() {
    return new CrashPoint(FailureMode.CRASH_BEFORE, 0);
  }

  /** Sets whether calls are counted from now on. Calls that are not counted do not fail. */
  void setCounting(boolean counting) {
    isCounting = counting;
  }

  /** Runs the action while the next call is in progress. */
  void duringNextCall(Runnable action) {
    duringNextCall = action;
  }

  @Override
  public Object intercept(String call, boolean isAsynchronous, Callable<Object> work)
      throws Exception {
    if (call.equals("TaskPublisher.ready")) {
      return work.call();
    }
    if (crashed) {
      return failed(isAsynchronous, new ServerCrashed());
    }
    Runnable action = duringNextCall;
    duringNextCall = () -> {};
    action.run();
    if (!isCounting) {
      return work.call();
    }
    calls.add(call);
    if (calls.size() != failingCall) {
      return work.call();
    }
    crashed = failureMode == FailureMode.CRASH_BEFORE || failureMode == FailureMode.CRASH_AFTER;
    return inject(failureMode, call, isAsynchronous, work);
  }

  /** Executes a call that fails in this way, and returns or throws its response. */
  static Object inject(
      FailureMode failureMode, String call, boolean isAsynchronous, Callable<Object> work)
      throws Exception {
    if (failureMode == FailureMode.CRASH_AFTER || failureMode == FailureMode.LOSE_RESPONSE) {
      work.call();
    }
    if (failureMode == FailureMode.CRASH_BEFORE || failureMode == FailureMode.CRASH_AFTER) {
      return failed(isAsynchronous, new ServerCrashed());
    }
    return switch (call.substring(call.indexOf('.') + 1)) {
      case "create", "replace", "remove", "put", "mark" ->
          CompletableFuture.completedStage(new WriteOutcome.Unknown("lost"));
      case "publish" -> CompletableFuture.completedStage(TaskPublisher.PublishOutcome.NOT_NOW);
      default -> failed(isAsynchronous, new StoreUnavailable("lost"));
    };
  }

  static Object failed(boolean isAsynchronous, RuntimeException failure) {
    if (isAsynchronous) {
      return CompletableFuture.failedStage(failure);
    }
    throw failure;
  }
}
