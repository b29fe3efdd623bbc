package dev.docket.manual;

import dev.docket.auth.Caller;
import dev.docket.http.InvalidRequest;
import dev.docket.task.Lease;
import dev.docket.task.Task;
import dev.docket.task.machine.Reporter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A person who does tasks.
 *
 * @param name the name of the caller if the server requires credentials, or else the name that the
 *     person gives
 */
public record Person(String name) {

  /** The maximum length of a name, in characters. */
  public static final int MAX_LENGTH = 256;

  /**
   * The person who sends a request.
   *
   * @param given the name in the request; null if it has none
   * @return empty if a name must be given
   * @throws InvalidRequest if the given name is too long
   */
  public static Optional<Person> of(Caller caller, @Nullable String given) {
    if (!caller.equals(Caller.ANONYMOUS)) {
      return Optional.of(new Person(caller.name()));
    }
    String name = given == null ? "" : given.strip();
    if (name.length() > MAX_LENGTH) {
      throw InvalidRequest.field("worker", "must be 1 to " + MAX_LENGTH + " characters");
    }
    return name.isEmpty() ? Optional.empty() : Optional.of(new Person(name));
  }

  /** Whether this person has claimed the current run of a task. */
  public boolean holds(Task task) {
    Lease lease = task.run().lease();
    return task.run().isManual() && lease != null && lease.worker().equals(name);
  }

  /** The reporter on the current run of a task that this person {@linkplain #holds holds}. */
  Reporter reporter(Task task, Caller caller) {
    Lease lease = task.run().lease();
    return new Reporter(
        task.run().ref(), lease == null ? null : lease.claimId(), name, caller.name());
  }
}
