package dev.docket.console;

import dev.docket.auth.Caller;
import dev.docket.auth.Roles;
import dev.docket.http.InvalidRequest;
import dev.docket.manual.ManualPage;
import dev.docket.manual.ManualQuery;
import dev.docket.manual.ManualTasks;
import dev.docket.manual.Person;
import dev.docket.task.TaskId;
import io.dropwizard.auth.Auth;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.NewCookie;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The page on which people find tasks. All methods block. */
@Path("/")
@Produces(MediaType.TEXT_HTML + ";charset=utf-8")
public final class ManualListPageResource {

  private static final Duration COOKIE_LIFETIME = Duration.ofDays(365);

  private final ManualTasks lists;
  private final PageTemplates templates;
  private final Clock clock;

  public ManualListPageResource(ManualTasks lists, PageTemplates templates, Clock clock) {
    this.lists = lists;
    this.templates = templates;
    this.clock = clock;
  }

  /** Lists the person's tasks, and open ones. */
  @GET
  @Path("manual")
  @RolesAllowed({Roles.WORKER, Roles.ADMIN})
  @BrowserLogin
  public Response list(
      @Auth Caller caller,
      @BeanParam PageRequest request,
      @QueryParam("key") @Nullable String key,
      @QueryParam("cursor") @Nullable String cursor,
      @QueryParam("show") @Nullable String show,
      @QueryParam("done") @Nullable String done) {
    PageReader reader = request.reader(caller);
    Person person = reader.person();
    boolean onlyMine = "mine".equals(show) && person != null;
    boolean first = cursor == null;
    ManualPage mine = null;
    if (person != null && (onlyMine || first)) {
      int size = onlyMine ? ManualQuery.DEFAULT_SIZE : TaskListPage.MAX_MINE;
      mine = lists.page(ManualQuery.heldBy(person, caller).with(caller, null, size, cursor, first));
    }
    ManualQuery open =
        ManualQuery.open(caller)
            // The list before has already included the latest writes.
            .with(caller, key, null, onlyMine ? null : cursor, first && mine == null);
    TaskListPage page =
        new TaskListPage(
            reader,
            mine,
            onlyMine ? null : lists.page(open),
            onlyMine ? List.of() : lists.counts(open),
            open.key(),
            first,
            TaskListPage.notice(done),
            request.root(),
            clock.instant());
    return templates.response(200, "manual", "list", page);
  }

  /** Remembers the name of the person, if the server requires no credentials. */
  @POST
  @Path("manual/name")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  @RolesAllowed({Roles.WORKER, Roles.ADMIN})
  @BrowserLogin
  public Response name(@Auth Caller caller, @BeanParam PageRequest request, InputStream body)
      throws IOException {
    FormBody form = request.form(body);
    String task = form.text("task");
    Response.ResponseBuilder redirect =
        request.redirect(task.isEmpty() ? "manual" : "manual/task/" + taskId(task));
    Person.of(Caller.ANONYMOUS, form.text("name"))
        .filter(given -> caller.equals(Caller.ANONYMOUS))
        .ifPresent(given -> redirect.cookie(cookie(given)));
    return redirect.build();
  }

  private static TaskId taskId(String text) {
    try {
      return TaskId.fromString(text);
    } catch (IllegalArgumentException e) {
      throw InvalidRequest.field("task", String.valueOf(e.getMessage()));
    }
  }

  private static NewCookie cookie(Person given) {
    return new NewCookie.Builder(PageReader.COOKIE)
        .value(PageReader.cookie(given.name()))
        .path("/")
        .maxAge(Math.toIntExact(COOKIE_LIFETIME.toSeconds()))
        .httpOnly(true)
        .sameSite(NewCookie.SameSite.STRICT)
        .build();
  }
}
