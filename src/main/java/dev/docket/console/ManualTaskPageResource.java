package dev.docket.console;

import dev.docket.auth.Caller;
import dev.docket.auth.OwnedRecord;
import dev.docket.auth.Roles;
import dev.docket.auth.Sees;
import dev.docket.concurrent.Stages;
import dev.docket.http.InvalidRequest;
import dev.docket.http.Problem;
import dev.docket.http.ProblemBody;
import dev.docket.manual.ManualWork;
import dev.docket.manual.Person;
import dev.docket.manual.TaskForm;
import dev.docket.service.Services;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskState;
import io.dropwizard.auth.Auth;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The page on which people claim and do a task. It needs no script: each action is a form, and a
 * successful one redirects to a page. Pages contain neither the token of a run nor the id of a
 * claim; the server reads them when it needs them. All methods block.
 */
@Path("/")
@Produces(MediaType.TEXT_HTML + ";charset=utf-8")
public final class ManualTaskPageResource {

  private static final String ATTEMPT = "attempt";
  private static final String REASON = "reason";
  private static final int MAX_REASON_LENGTH = 64 * 1024;
  private static final FormBody NO_INPUT = new FormBody(Map.of());

  private final ManualWork work;
  private final Services services;
  private final PageTemplates templates;
  private final Clock clock;

  public ManualTaskPageResource(
      ManualWork work, Services services, PageTemplates templates, Clock clock) {
    this.work = work;
    this.services = services;
    this.templates = templates;
    this.clock = clock;
  }

  /** Shows a task, with a form if the person has claimed it. */
  @GET
  @Path("manual/task/{id}")
  @RolesAllowed({Roles.WORKER, Roles.ADMIN})
  @Sees(OwnedRecord.TASK)
  @BrowserLogin
  public Response task(
      @Auth Caller caller, @BeanParam PageRequest request, @PathParam("id") TaskId id) {
    Visit visit = new Visit(caller, request, id, NO_INPUT);
    return show(visit, null, false, 200);
  }

  /** Claims the task for the person. */
  @POST
  @Path("manual/task/{id}/claim")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  @RolesAllowed({Roles.WORKER, Roles.ADMIN})
  @Sees(OwnedRecord.TASK)
  @BrowserLogin
  public Response claim(
      @Auth Caller caller,
      @BeanParam PageRequest request,
      @PathParam("id") TaskId id,
      InputStream body)
      throws IOException {
    Visit visit = new Visit(caller, request, id, request.form(body));
    return act(
        visit,
        () -> work.claim(caller, visit.person(), id, visit.attempt()),
        "manual/task/" + id.value());
  }

  /** Completes the task with the outputs in the form. */
  @POST
  @Path("manual/task/{id}/complete")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  @RolesAllowed({Roles.WORKER, Roles.ADMIN})
  @Sees(OwnedRecord.TASK)
  @BrowserLogin
  public Response complete(
      @Auth Caller caller,
      @BeanParam PageRequest request,
      @PathParam("id") TaskId id,
      InputStream body)
      throws IOException {
    Visit visit = new Visit(caller, request, id, request.form(body));
    OutputForm outputs = outputs(Stages.join(work.find(caller, id)), visit.form()).checked();
    if (outputs.invalid()) {
      String wrong =
          outputs.unknown().isEmpty()
              ? "correct the marked fields"
              : "its form has changed since you opened it";
      return show(visit, "the task is not completed yet: " + wrong, true, 400);
    }
    return act(
        visit,
        () -> work.complete(caller, visit.person(), id, visit.attempt(), outputs.payload()),
        "manual?done=complete");
  }

  /** Gives the task back, for others to claim. */
  @POST
  @Path("manual/task/{id}/give_back")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  @RolesAllowed({Roles.WORKER, Roles.ADMIN})
  @Sees(OwnedRecord.TASK)
  @BrowserLogin
  public Response giveBack(
      @Auth Caller caller,
      @BeanParam PageRequest request,
      @PathParam("id") TaskId id,
      InputStream body)
      throws IOException {
    Visit visit = new Visit(caller, request, id, request.form(body));
    return act(
        visit,
        () -> {
          String message = visit.reason();
          return work.giveBack(
              caller, visit.person(), id, visit.attempt(), message.isEmpty() ? null : message);
        },
        "manual?done=give_back");
  }

  /** Ends the task because it cannot be done. */
  @POST
  @Path("manual/task/{id}/fail")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  @RolesAllowed({Roles.WORKER, Roles.ADMIN})
  @Sees(OwnedRecord.TASK)
  @BrowserLogin
  public Response fail(
      @Auth Caller caller,
      @BeanParam PageRequest request,
      @PathParam("id") TaskId id,
      InputStream body)
      throws IOException {
    Visit visit = new Visit(caller, request, id, request.form(body));
    return act(
        visit,
        () -> {
          String reason = visit.reason();
          if (reason.isEmpty()) {
            throw rejected("write in the message why the task cannot be done");
          }
          return work.fail(caller, visit.person(), id, visit.attempt(), visit.failure(), reason);
        },
        "manual?done=fail");
  }

  /** A request about a task. */
  private record Visit(Caller caller, PageRequest request, TaskId id, FormBody form) {

    Person person() {
      Person person = request.reader(caller).person();
      if (person == null) {
        throw rejected("enter your name first");
      }
      return person;
    }

    /** The attempt that the form is about; 0 for none. */
    int attempt() {
      return Optional.ofNullable(form.number(ATTEMPT)).orElse(0);
    }

    String reason() {
      String reason = form.text(REASON).strip();
      if (reason.length() > MAX_REASON_LENGTH) {
        throw rejected("the message must be at most " + MAX_REASON_LENGTH + " characters");
      }
      return reason;
    }

    TaskState failure() {
      String state = form.text("state");
      return ManualWork.IMPOSSIBLE.stream()
          .filter(allowed -> String.valueOf(allowed.number()).equals(state))
          .findFirst()
          .orElseThrow(() -> rejected("state must be one of 404, 403, 400"));
    }
  }

  private static InvalidRequest rejected(String message) {
    return new InvalidRequest(message, List.of());
  }

  /** An action on a task. */
  private interface Action {
    CompletionStage<Task> start();
  }

  /** Performs an action, and shows the task with the reason if it fails. */
  private Response act(Visit visit, Action action, String next) {
    try {
      Stages.join(action.start());
      return visit.request().redirect(next).build();
    } catch (Problem problem) {
      return switch (problem.kind()) {
        case CONFLICT, INVALID, TOO_LARGE, UNPROCESSABLE ->
            show(visit, problem.getMessage(), false, ProblemBody.of(problem).status());
        case FORBIDDEN, NOT_FOUND, PRECONDITION_FAILED, UNAVAILABLE, TOO_MANY_REQUESTS ->
            throw problem;
      };
    }
  }

  private Response show(Visit visit, @Nullable String problem, boolean markErrors, int status) {
    Task task = Stages.join(work.find(visit.caller(), visit.id()));
    OutputForm outputs = outputs(task, visit.form());
    TaskPage page =
        new TaskPage(
            task,
            Stages.join(work.metadata(visit.caller(), task)),
            visit.request().reader(visit.caller()),
            markErrors ? outputs.checked() : outputs,
            problem,
            visit.form().text(REASON),
            visit.request().root(),
            clock.instant());
    return templates.response(status, "task", "page", page);
  }

  private OutputForm outputs(Task task, FormBody form) {
    return OutputForm.of(TaskForm.of(task.key(), services), form);
  }
}
