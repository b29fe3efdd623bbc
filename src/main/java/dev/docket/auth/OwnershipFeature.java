package dev.docket.auth;

import dev.docket.concurrent.Stages;
import dev.docket.http.Problem;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.DynamicFeature;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.FeatureContext;
import java.util.Locale;
import java.util.Optional;

/**
 * Checks the owner and the task key of the record on routes with {@link Sees} or {@link Changes},
 * after authentication. Reads the record only for callers that do not see or change everything.
 * Owner and key never change, so the resource may rely on the check.
 *
 * <p>Routes that find records in another way than by their path filter them by {@link
 * Caller#sees()} or {@link Caller#changes()}.
 */
public final class OwnershipFeature implements DynamicFeature {

  private final RecordOwners owners;

  public OwnershipFeature(RecordOwners owners) {
    this.owners = owners;
  }

  @Override
  public void configure(ResourceInfo route, FeatureContext context) {
    Sees sees = route.getResourceMethod().getAnnotation(Sees.class);
    Changes changes = route.getResourceMethod().getAnnotation(Changes.class);
    if (changes != null) {
      context.register(new OwnerCheck(owners, changes.value(), true));
    } else if (sees != null) {
      context.register(new OwnerCheck(owners, sees.value(), false));
    }
  }

  /** Runs after the check of roles, which needs no read. */
  @Priority(Priorities.AUTHORIZATION + 1)
  private record OwnerCheck(RecordOwners owners, OwnedRecord kind, boolean isChange)
      implements ContainerRequestFilter {

    @Override
    public void filter(ContainerRequestContext request) {
      if (!(request.getSecurityContext().getUserPrincipal() instanceof Caller caller)
          || (isChange
              ? caller.changes().includesAll() && caller.taskKeys() == null
              : caller.sees().includesAll())) {
        return;
      }
      String id = request.getUriInfo().getPathParameters().getFirst("id");
      Optional<RecordOwners.OwnedBy> found = Stages.join(owners.find(kind, id));
      if (found.isEmpty()) {
        // The resource says that it does not exist.
        return;
      }
      RecordOwners.OwnedBy record = found.orElseThrow();
      if (!caller.sees().includes(record.owner())) {
        throw new Problem(
            Problem.Kind.NOT_FOUND,
            "there is no " + kind.name().toLowerCase(Locale.ROOT) + " " + id);
      }
      if (!isChange) {
        return;
      }
      if (!caller.changes().includes(record.owner())) {
        throw Forbidden.change(caller, kind, id);
      }
      String taskKey = record.taskKey();
      if (taskKey == null) {
        Forbidden.requireUnlimited(caller);
      } else {
        TaskKeyForbidden.check(caller, taskKey);
      }
    }
  }
}
