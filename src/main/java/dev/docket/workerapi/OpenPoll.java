package dev.docket.workerapi;

import dev.docket.auth.Caller;
import dev.docket.auth.CredentialCheck;
import dev.docket.broker.TaskQueue;
import dev.docket.task.Route;
import dev.docket.task.TaskKey;
import dev.docket.wire.PollResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A poll that waits, and its response. It waits for messages of its known keys; when a further key
 * becomes known, it begins to wait again, for that key too. When all of its requests have
 * disconnected, it is abandoned: it claims nothing more. Nor does it if its credentials are no
 * longer accepted.
 */
final class OpenPoll {

  private final Poll poll;
  private final Caller caller;
  private final CredentialCheck credentials;
  private final long deadline;
  private final CompletableFuture<PollResponse> response = new CompletableFuture<>();

  /** Guarded by this, as are the fields below. */
  private final Set<TaskKey> known = new LinkedHashSet<>();

  private @Nullable CompletableFuture<List<TaskQueue.Delivery>> currentTake;
  private boolean widened;
  private boolean ended;

  /** The requests that wait for the response, and whether one has received it. */
  private int requests;

  private boolean received;
  private boolean abandoned;

  OpenPoll(Poll poll, Caller caller, CredentialCheck credentials) {
    this.poll = poll;
    this.caller = caller;
    this.credentials = credentials;
    this.deadline = System.nanoTime() + poll.maxWait().toNanos();
  }

  Poll poll() {
    return poll;
  }

  Caller caller() {
    return caller;
  }

  CompletableFuture<PollResponse> response() {
    return response;
  }

  Duration remaining() {
    return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
  }

  /** Adds a request that waits for the response; false if the poll is abandoned. */
  synchronized boolean addRequest() {
    if (!abandoned) {
      requests++;
    }
    return !abandoned;
  }

  /** A request has received the response. */
  synchronized void requestReceived() {
    requests--;
    received = true;
  }

  /**
   * The client of a request has disconnected. Returns whether that abandons the poll: no other
   * request waits, and none has received the response.
   */
  boolean requestLost() {
    synchronized (this) {
      requests--;
      if (requests > 0 || received || abandoned) {
        return false;
      }
      abandoned = true;
    }
    end();
    return true;
  }

  /** Whether the poll may claim tasks: a request waits for them, with valid credentials. */
  boolean mayClaim() {
    synchronized (this) {
      if (abandoned) {
        return false;
      }
    }
    return credentials.isStillAccepted();
  }

  /** Whether the poll waits for messages now. */
  synchronized boolean isWaiting() {
    return currentTake != null && !currentTake.isDone();
  }

  /** The keys for which the poll does not wait yet, because they are unknown. */
  synchronized Set<TaskKey> unknownKeys() {
    return poll.keys().stream()
        .filter(key -> !known.contains(key))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Says which keys are known. If the poll waits and these are news, it waits for them too. */
  void learn(Collection<TaskKey> keys) {
    CompletableFuture<List<TaskQueue.Delivery>> former;
    synchronized (this) {
      boolean news = false;
      for (TaskKey key : keys) {
        news |= poll.keys().contains(key) && known.add(key);
      }
      widened |= news;
      former = news ? currentTake : null;
    }
    if (former != null) {
      former.cancel(false);
    }
  }

  /** The routes to wait for: those of the keys that are known now. */
  synchronized Collection<Route> routes() {
    widened = false;
    List<Route> routes = new ArrayList<>();
    for (TaskKey key : known) {
      poll.types().forEach(type -> routes.add(new Route(type, key)));
    }
    return routes;
  }

  /** Sets what the poll waits for, or cancels it if the poll has ended or learned a key since. */
  void waitFor(CompletableFuture<List<TaskQueue.Delivery>> messages) {
    boolean obsolete;
    synchronized (this) {
      currentTake = messages;
      obsolete = ended || widened;
    }
    if (obsolete) {
      messages.cancel(false);
    }
  }

  /** Whether the poll has learned a key since {@link #routes}. */
  synchronized boolean isWidened() {
    return widened && !ended;
  }

  /** Ends the wait. Unless it is abandoned, messages that have arrived are claimed and returned. */
  void end() {
    CompletableFuture<List<TaskQueue.Delivery>> former;
    synchronized (this) {
      ended = true;
      former = currentTake;
    }
    if (former != null) {
      former.cancel(false);
    }
  }
}
