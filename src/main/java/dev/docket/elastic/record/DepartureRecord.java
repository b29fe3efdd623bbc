package dev.docket.elastic.record;

import dev.docket.counts.Departure;
import dev.docket.counts.DepartureStore;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The stored form of the departures of a minute. These records are in the index of the leader
 * record.
 */
record DepartureRecord(Instant minute, Map<String, List<Departure>> departures) {

  DepartureRecord {
    Objects.requireNonNull(minute, "minute");
    Objects.requireNonNull(departures, "departures");
  }

  static DepartureRecord of(DepartureStore.Minute minute) {
    return new DepartureRecord(minute.minute(), minute.servers());
  }

  DepartureStore.Minute value() {
    return new DepartureStore.Minute(minute, departures);
  }
}
