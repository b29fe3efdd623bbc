package dev.docket.search;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.http.Problem;
import dev.docket.http.ProblemBody;
import dev.docket.http.TruncatedResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes everything that a search finds, in constant memory. Only a few may do so at once, as each
 * holds a thread, and a moment that the store has to keep.
 */
public final class Exports {

  private static final Logger LOG = LoggerFactory.getLogger(Exports.class);

  private final ObjectMapper mapper;
  private final int atOnce;
  private final Semaphore places;

  /**
   * None runs yet.
   *
   * @param atOnce how many may
   */
  public Exports(ObjectMapper mapper, int atOnce) {
    this.mapper = mapper;
    this.atOnce = atOnce;
    this.places = new Semaphore(atOnce);
  }

  Rows.Format lines() {
    return out -> new NdjsonRows(mapper, out);
  }

  Rows.Format csv(List<Column> columns) {
    return out -> new CsvRows(mapper, columns, out);
  }

  /**
   * Writes all hits. What fails before the first of them is thrown as it is.
   *
   * @throws TooManyExports if no more may run now
   * @throws TruncatedResponse if the response was begun and cannot be completed
   */
  void write(OutputStream out, Supplier<? extends Hits<?>> search, Rows.Format format) {
    if (!places.tryAcquire()) {
      throw new TooManyExports(atOnce);
    }
    try (Hits<?> hits = search.get()) {
      List<?> first = hits.next();
      try {
        write(format.to(out), first, hits);
      } catch (JsonProcessingException e) {
        LOG.error("A hit cannot be written, and its export ends before its time", e);
        throw new TruncatedResponse(e);
      } catch (IOException e) {
        LOG.info("Whoever read an export has gone: {}", e.toString());
        throw new TruncatedResponse(e);
      }
    } finally {
      places.release();
    }
  }

  private static void write(Rows rows, List<?> first, Hits<?> hits) throws IOException {
    List<?> page = first;
    // The first may be empty, and still there is a line of columns.
    rows.write(page);
    while (!page.isEmpty()) {
      try {
        page = hits.next();
      } catch (Problem e) {
        LOG.warn("An export ends before its time: {}", e.getMessage(), e.getCause());
        if (!rows.broken(ProblemBody.of(e))) {
          throw new TruncatedResponse(e);
        }
        return;
      } catch (RuntimeException e) {
        LOG.error("An export ends before its time", e);
        throw new TruncatedResponse(e);
      }
      rows.write(page);
    }
  }
}
