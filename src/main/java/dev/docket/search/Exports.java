package dev.docket.search;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.http.Places;
import dev.docket.http.Problem;
import dev.docket.http.ProblemBody;
import java.io.IOException;
import java.io.OutputStream;
import java.security.Principal;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes all hits of a search, in constant memory. The number of concurrent exports is limited,
 * because each occupies a thread and a point in time of the store.
 */
public final class Exports {

  private static final Logger LOG = LoggerFactory.getLogger(Exports.class);

  private final ObjectMapper mapper;
  private final Places places;

  /**
   * @param maxConcurrent the maximum number of concurrent exports
   */
  public Exports(ObjectMapper mapper, int maxConcurrent) {
    this.mapper = mapper;
    this.places = new Places("concurrent exports", maxConcurrent);
  }

  Rows.Format ndjson() {
    return out -> new NdjsonRows(mapper, out);
  }

  Rows.Format csv(List<Column> columns) {
    return out -> new CsvRows(mapper, columns, out);
  }

  /**
   * Writes all hits. If the search fails on the way, a format that can tell ends with the error.
   *
   * @throws dev.docket.http.TooManyRequests if the caller has its share of the exports
   * @throws dev.docket.http.ServerBusy if the maximum number of exports is running
   * @throws IOException if the client cannot be written to
   */
  void write(
      OutputStream out, Principal caller, Supplier<? extends Hits<?>> search, Rows.Format format)
      throws IOException {
    Places.Place place = places.take(caller);
    try (place;
        Hits<?> hits = search.get()) {
      List<?> page = hits.next();
      Rows rows = format.to(out);
      // Written even if it is empty, because CSV has a header line.
      rows.write(page);
      while (!page.isEmpty()) {
        try {
          page = hits.next();
        } catch (Problem e) {
          if (!rows.writeError(ProblemBody.of(e))) {
            throw e;
          }
          LOG.warn("An export failed; ending it early: {}", e.getMessage(), e.getCause());
          return;
        }
        rows.write(page);
      }
    }
  }
}
