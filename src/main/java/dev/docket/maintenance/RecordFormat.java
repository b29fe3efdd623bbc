package dev.docket.maintenance;

import dev.docket.store.StoreUnavailable;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * The number of the format of all records. A release that writes records or effects that the
 * release before cannot read has a higher number. The leader record contains the highest number of
 * any server that has run, so that no earlier release changes records that it does not understand.
 */
public final class RecordFormat {

  /** The number of this release. Releases without a number have {@value #FIRST}. */
  public static final int CURRENT = 6;

  static final int FIRST = 1;

  private RecordFormat() {}

  /**
   * Writes the number of this release into the leader record. Call this before any other use of the
   * records. Blocks.
   *
   * @param host host name, for display until a server leads
   * @throws NewerRecordFormat if a server with a higher number has run: this one must not start
   * @throws StoreUnavailable if the store is unreachable
   */
  public static void claim(LeaderStore store, String host, Instant now) {
    WriteOutcome outcome;
    do {
      Optional<Versioned<Leader>> found = store.read();
      if (found.isEmpty()) {
        outcome = store.write(new Leader(null, host, now, null, 0, Map.of(), CURRENT), null);
      } else {
        Leader leader = found.orElseThrow().value();
        requireSupported(leader);
        if (leader.format() == CURRENT) {
          return;
        }
        outcome = store.write(leader.withFormat(CURRENT), found.orElseThrow().version());
      }
      // A conflict means that another server has written the record since.
    } while (outcome instanceof WriteOutcome.Conflict);
    if (!(outcome instanceof WriteOutcome.Stored)) {
      throw new StoreUnavailable("the format of the records cannot be stored: " + outcome);
    }
  }

  static void requireSupported(Leader leader) {
    if (leader.format() > CURRENT) {
      throw new NewerRecordFormat(leader.format());
    }
  }
}
