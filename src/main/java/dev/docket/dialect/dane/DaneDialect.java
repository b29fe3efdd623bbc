package dev.docket.dialect.dane;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.broker.Census;
import dev.docket.document.AuditedDocuments;
import dev.docket.document.DocumentService;
import dev.docket.http.ChangesByGetFilter;
import dev.docket.http.RequestBodyReader;
import dev.docket.http.batch.StreamedArray;
import dev.docket.result.AuditedResults;
import dev.docket.result.ResultService;
import dev.docket.result.ResultViews;
import dev.docket.search.DocumentSearch;
import dev.docket.search.TaskSearch;
import dev.docket.task.AuditedTasks;
import dev.docket.task.DocumentTasks;
import dev.docket.task.MassReset;
import dev.docket.task.Submissions;
import dev.docket.task.TaskService;
import dev.docket.task.TaskStore;
import dev.docket.task.TasksOfDocuments;
import java.util.List;

/** The HTTP API of DANE as a whole, see {@link dev.docket.dialect.Dialect}. */
public final class DaneDialect {

  private DaneDialect() {}

  /**
   * The parts of Docket that the dialect calls.
   *
   * @param auditedDocuments deletes documents
   * @param auditedTasks executes commands of people
   * @param auditedResults deletes results
   * @param store to read several tasks at once
   * @param tasksOfDocuments finds the tasks of deleted documents
   * @param mapper writes snake_case
   */
  public record Services(
      DocumentService documents,
      AuditedDocuments auditedDocuments,
      TaskService tasks,
      AuditedTasks auditedTasks,
      TaskStore store,
      TasksOfDocuments tasksOfDocuments,
      Submissions submissions,
      ResultService results,
      AuditedResults auditedResults,
      ResultViews views,
      MassReset massReset,
      DocumentSearch documentSearch,
      TaskSearch taskSearch,
      Census census,
      RequestBodyReader bodies,
      ObjectMapper mapper) {}

  /** The resources and filters. */
  public static List<Object> components(Services services) {
    ObjectMapper mapper = services.mapper();
    DaneBodies bodies = new DaneBodies(mapper, services.bodies());
    DaneBatch batch = new DaneBatch(mapper);
    DaneStates states = new DaneStates(services.store());
    DaneReset reset =
        new DaneReset(
            services.taskSearch(),
            services.store(),
            states,
            services.massReset(),
            services.auditedTasks());
    return List.of(
        new DaneDocumentResource(
            services.documents(),
            bodies,
            batch,
            new DaneDeletion(
                services.auditedDocuments(),
                new DocumentTasks(services.tasksOfDocuments(), services.tasks()))),
        new DaneTaskResource(
            services.tasks(),
            services.auditedTasks(),
            services.submissions(),
            services.documents(),
            states,
            bodies,
            batch,
            mapper),
        new DaneListResource(
            services.documents(),
            services.documentSearch(),
            services.taskSearch(),
            services.results(),
            services.views(),
            states,
            new DaneLists(mapper)),
        new DaneResultResource(
            services.results(),
            services.auditedResults(),
            services.views(),
            new StreamedArray(mapper)),
        new DaneWorkersResource(services.census(), services.taskSearch(), states, reset),
        new DaneDescriptionResource(new DaneDescription(mapper)),
        new ChangesByGetFilter(),
        new DaneErrors(),
        new HeadRefusal());
  }
}
