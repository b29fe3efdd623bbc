package dev.docket.dialect.dane;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.broker.Census;
import dev.docket.document.DocumentService;
import dev.docket.http.RequestBodyReader;
import dev.docket.result.ResultService;
import dev.docket.search.DocumentSearch;
import dev.docket.search.TaskSearch;
import dev.docket.task.MassReset;
import dev.docket.task.Submissions;
import dev.docket.task.TaskService;
import java.util.List;

/** All of DANE's HTTP API. */
public final class DaneDialect {

  private DaneDialect() {}

  /**
   * What the dialect translates to.
   *
   * @param mapper writes snake_case
   */
  public record Services(
      DocumentService documents,
      TaskService tasks,
      Submissions submissions,
      ResultService results,
      MassReset massReset,
      DocumentSearch documentSearch,
      TaskSearch taskSearch,
      Census census,
      RequestBodyReader bodies,
      ObjectMapper mapper) {}

  /** Its resources and filters. */
  public static List<Object> components(Services house) {
    DaneBodies bodies = new DaneBodies(house.mapper(), house.bodies());
    DaneBatch batch = new DaneBatch(house.mapper());
    DaneLists lists = new DaneLists(house.mapper());
    return List.of(
        new DaneDocumentResource(house.documents(), bodies, batch),
        new DaneTaskResource(
            house.tasks(), house.submissions(), house.documents(), bodies, batch, house.mapper()),
        new DaneListResource(
            house.documents(), house.documentSearch(), house.taskSearch(), house.results(), lists),
        new DaneResultResource(house.results()),
        new DaneWorkersResource(house.census(), house.taskSearch(), house.massReset()),
        new DaneErrors(),
        new DaneHead());
  }
}
