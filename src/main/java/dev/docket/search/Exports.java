package dev.docket.search;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.http.Places;
import dev.docket.http.Problem;
import dev.docket.http.ProblemBody;
import dev.docket.http.TruncatedResponse;
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
   * Writes all hits. A failure before the first page is thrown unchanged.
   *
   * @throws dev.docket.http.TooManyRequests if the caller has its share of the exports
   * @throws dev.docket.http.ServerBusy if the maximum number of exports is running
   * @throws TruncatedResponse if the response was started and cannot be completed
   */
  void write(
      OutputStream out, Principal caller, Supplier<? extends Hits<?>> search, Rows.Format format) {
    Places.Place place = places.take(caller);
    try (place;
        Hits<?> hits = search.get()) {
      List<?> first = hits.next();
      try {
        write(format.to(out), first, hits);
      } catch (JsonProcessingException e) {
        LOG.error("An export hit cannot be serialized; truncating the response", e);
        throw new TruncatedResponse(e);
      } catch (IOException e) {
        LOG.info("The client closed the connection during an export: {}", e.toString());
        throw new TruncatedResponse(e);
      }
    }
  }

  private static void write(Rows rows, List<?> first, Hits<?> hits) throws IOException {
    List<?> page = first;
    // Written even if it is empty, because CSV has a header line.
    rows.write(page);
    while (!page.isEmpty()) {
      try {
        page = hits.next();
      } catch (Problem e) {
        LOG.warn("An export failed; ending it early: {}", e.getMessage(), e.getCause());
        if (!rows.writeError(ProblemBody.of(e))) {
          throw new TruncatedResponse(e);
        }
        return;
      } catch (RuntimeException e) {
        LOG.error("An export failed; truncating the response", e);
        throw new TruncatedResponse(e);
      }
      rows.write(page);
    }
  }
}
