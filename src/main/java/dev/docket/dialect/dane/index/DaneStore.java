package dev.docket.dialect.dane.index;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.document.Documents;
import dev.docket.result.Results;
import dev.docket.result.SavedResults;
import dev.docket.task.TaskStore;
import dev.docket.task.Tasks;
import java.util.List;

/** All of the store as DANE's worker library sees it, to be served at a port of its own. */
public final class DaneStore {

  private DaneStore() {}

  /**
   * Its resources and filters.
   *
   * @param mapper writes snake_case
   */
  public static List<Object> components(
      Documents documents,
      Tasks tasks,
      TaskStore.Sweeps sweeps,
      Results results,
      SavedResults saved,
      ObjectMapper mapper) {
    StoreSearch search = new StoreSearch(documents, tasks, sweeps, results);
    return List.of(
        new DaneStoreResource(search, saved, new StoreAnswers(mapper), mapper), new StoreErrors());
  }
}
