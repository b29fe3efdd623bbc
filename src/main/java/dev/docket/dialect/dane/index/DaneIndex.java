package dev.docket.dialect.dane.index;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.docket.dialect.dane.DaneStates;
import dev.docket.document.DocumentService;
import dev.docket.result.AuditedResults;
import dev.docket.result.Payloads;
import dev.docket.result.PendingResults;
import dev.docket.result.ResultService;
import dev.docket.result.ResultViews;
import dev.docket.result.SavedResults;
import dev.docket.search.record.RecordQueries;
import dev.docket.task.TaskService;
import dev.docket.task.TaskStore;
import java.nio.file.Path;
import java.util.List;

/** DANE's index as its workers and clients see it, for a port of its own. */
public final class DaneIndex {

  private DaneIndex() {}

  /**
   * The parts of Docket that the index calls.
   *
   * @param store to read several tasks at once
   * @param mapper writes snake_case
   */
  public record Services(
      DocumentService documents,
      TaskService tasks,
      TaskStore store,
      RecordQueries queries,
      ResultService results,
      SavedResults saved,
      AuditedResults auditedResults,
      PendingResults pending,
      Payloads payloads,
      ObjectMapper mapper) {}

  /**
   * The resources and filters.
   *
   * @param name the name of the index
   */
  public static List<Object> components(String name, Services services) {
    ObjectMapper mapper = services.mapper();
    ResultViews views = new ResultViews(services.payloads());
    DaneStates states = new DaneStates(services.store());
    IndexSearch search = new IndexSearch(services.queries(), states, services.pending(), views);
    RecordReader records =
        new RecordReader(services.documents(), services.tasks(), states, services.results(), views);
    IndexResponses responses = new IndexResponses(name, mapper);
    IndexCalls calls = new IndexCalls(mapper);
    OpenScrolls open = new OpenScrolls(OpenScrolls.MAX, Ticker.systemTicker());
    ScrollService scrolls = new ScrollService(search, open, responses, mapper);
    StoreWait wait = new StoreWait(StoreWait.LIMIT);
    Path directory = Path.of(System.getProperty("java.io.tmpdir"));
    ResultSaver saver =
        new ResultSaver(
            services.saved(), services.tasks(), services.payloads(), mapper, directory, wait);
    return List.of(
        new DaneIndexResource(name, search, scrolls, records, responses, calls, wait),
        new DaneScrollResource(scrolls, calls, mapper, wait),
        new DaneIndexWriteResource(
            name, saver, services.auditedResults(), records, responses, wait),
        new UnknownCalls(),
        new IndexErrors());
  }
}
