package dev.docket.dialect.dane.index;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.dialect.dane.DaneStates;
import dev.docket.document.DocumentService;
import dev.docket.result.Payloads;
import dev.docket.result.ResultService;
import dev.docket.result.ResultViews;
import dev.docket.result.SavedResults;
import dev.docket.task.TaskService;
import dev.docket.task.TaskStore;
import java.nio.file.Path;
import java.util.List;

/** The index that DANE's workers see, for a port of its own. */
public final class DaneIndex {

  private DaneIndex() {}

  /**
   * The resources and filters.
   *
   * @param mapper writes snake_case
   */
  public static List<Object> components(
      DocumentService documents,
      TaskService tasks,
      TaskStore store,
      TaskStore.Sweeps sweeps,
      ResultService results,
      SavedResults saved,
      Payloads payloads,
      ObjectMapper mapper) {
    IndexSearch search =
        new IndexSearch(
            documents, tasks, new DaneStates(store), sweeps, results, new ResultViews(payloads));
    Path directory = Path.of(System.getProperty("java.io.tmpdir"));
    ResultSaver saver = new ResultSaver(saved, payloads, mapper, directory);
    return List.of(
        new DaneIndexResource(search, saver, saved, new IndexResponses(mapper), mapper),
        new IndexErrors());
  }
}
