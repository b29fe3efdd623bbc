package dev.docket.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.docket.audit.AuditRecord;
import dev.docket.audit.MemoryAuditStore;
import dev.docket.auth.Caller;
import dev.docket.auth.OwnerFilter;
import dev.docket.auth.Roles;
import dev.docket.concurrent.Stages;
import dev.docket.http.Problem;
import dev.docket.http.RequestOrigin;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

final class ServiceServiceTest {

  private static final ServiceSlug ASR = new ServiceSlug("asr");

  private final MemoryServiceStore store = new MemoryServiceStore();
  private final MemoryAuditStore audit = new MemoryAuditStore();
  private final List<Service> changed = new ArrayList<>();
  private final ServiceRegistry registry = new ServiceRegistry(store, List.of(), System::nanoTime);
  private final ServiceService services =
      new ServiceService(
          store,
          registry,
          service -> {
            changed.add(service);
            return CompletableFuture.completedStage(null);
          },
          audit.log(),
          Clock.fixed(ServiceSamples.NOW, ZoneOffset.UTC));

  private static ServiceService.Request by(String role, Set<String> taskKeys) {
    return new ServiceService.Request(
        new Caller(role, null, Set.of(role), taskKeys, OwnerFilter.ALL, OwnerFilter.ALL),
        new RequestOrigin(null, null));
  }

  private static ServiceService.Request admin() {
    return by(Roles.ADMIN, null);
  }

  private Service create(ServiceSpec spec) {
    return Stages.join(services.create(admin(), ASR, spec, Optional.empty()));
  }

  private CompletionStage<Service> health(ServiceService.Request by, HealthState state) {
    return services.setHealth(by, ASR, new NewHealth(state, null));
  }

  private static void assertProblem(Problem.Kind kind, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            Problem.class, problem -> assertThat(problem.kind()).isEqualTo(kind));
  }

  @Test
  void changeIsEffectiveAtOnceAndRecorded() {
    Service created = create(ServiceSamples.FULL);
    Service next =
        Stages.join(services.change(admin(), ASR, service -> true, service -> ServiceSpec.EMPTY));

    assertThat(registry.find(ASR.key())).contains(next);
    assertThat(changed).containsExactly(created, next);
    assertThat(next.history().revision()).isEqualTo(2);
    assertThat(audit.records())
        .extracting(AuditRecord::action)
        .containsExactly("service.create", "service.change");
    assertThat(ServiceTag.of(next)).isNotEqualTo(ServiceTag.of(created));
  }

  @Test
  void changeThatChangesNothingKeepsTheRevision() {
    Service created = create(ServiceSamples.FULL);
    Service same = Stages.join(services.change(admin(), ASR, service -> true, Service::spec));
    assertThat(same).isEqualTo(created);
    assertThat(changed).hasSize(1);
  }

  @Test
  void recreatedServiceHasTheSameIdAndTheFirstRevision() {
    Service created = create(ServiceSpec.EMPTY);
    Stages.join(services.delete(admin(), ASR, service -> true));
    assertThat(registry.find(ASR.key())).isEmpty();
    assertProblem(Problem.Kind.NOT_FOUND, () -> Stages.join(services.get(ASR)));
    Service again = create(ServiceSpec.EMPTY);
    assertThat(again.history().revision()).isEqualTo(1);
    assertThat(again.id()).isEqualTo(created.id());
  }

  @Test
  void limitedAdministratorChangesServicesOfItsKeysOnly() {
    create(ServiceSpec.EMPTY);
    ServiceService.Request limited = by(Roles.ADMIN, Set.of("OCR"));
    assertProblem(
        Problem.Kind.FORBIDDEN,
        () -> services.create(limited, ASR, ServiceSpec.EMPTY, Optional.empty()));
    assertProblem(
        Problem.Kind.FORBIDDEN,
        () -> services.change(limited, ASR, service -> true, Service::spec));
    assertProblem(Problem.Kind.FORBIDDEN, () -> services.delete(limited, ASR, service -> true));
    assertProblem(Problem.Kind.FORBIDDEN, () -> health(limited, HealthState.SLEEPING));
  }

  @Test
  void onlyAdministratorsBeginAndEndDisabled() {
    create(ServiceSpec.EMPTY);
    ServiceService.Request worker = by(Roles.WORKER, Set.of("ASR"));
    assertThat(Stages.join(health(worker, HealthState.SLEEPING)).health().by()).isEqualTo("worker");
    assertProblem(Problem.Kind.FORBIDDEN, () -> Stages.join(health(worker, HealthState.DISABLED)));
    assertThat(Stages.join(health(admin(), HealthState.DISABLED)).health().isAvailable()).isFalse();
    assertProblem(Problem.Kind.FORBIDDEN, () -> Stages.join(health(worker, HealthState.AVAILABLE)));
    assertThat(Stages.join(health(admin(), HealthState.AVAILABLE)).health().isAvailable()).isTrue();
  }

  @Test
  void repeatedHealthWritesNothing() {
    create(ServiceSpec.EMPTY);
    Stages.join(health(admin(), HealthState.SLEEPING));
    int records = audit.records().size();
    Stages.join(health(admin(), HealthState.SLEEPING));
    assertThat(audit.records()).hasSize(records);
  }

  @Test
  void healthSurvivesAChangeOfTheDescription() {
    create(ServiceSpec.EMPTY);
    Stages.join(health(admin(), HealthState.SLEEPING));
    Service next =
        Stages.join(services.change(admin(), ASR, service -> true, s -> ServiceSamples.FULL));
    assertThat(next.health().state()).isEqualTo(HealthState.SLEEPING);
  }

  @Test
  void limitsTheNumberOfServices() {
    for (int i = 0; i < ServiceRegistry.MAX_MANAGED; i++) {
      Stages.join(store.create(ServiceSamples.stored("s" + i, ServiceSpec.EMPTY)));
    }
    Stages.join(store.refreshed());
    registry.read();
    assertProblem(Problem.Kind.CONFLICT, () -> create(ServiceSpec.EMPTY));
  }
}
