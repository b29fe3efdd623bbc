package dev.docket.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.concurrent.Stages;
import dev.docket.store.Version;
import dev.docket.store.WriteOutcome;
import dev.docket.task.TaskKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class ServiceRegistryTest {

  private static final ServiceSlug ASR = new ServiceSlug("asr");

  private final MemoryServiceStore store = new MemoryServiceStore();
  private final AtomicLong nanos = new AtomicLong();
  private final ServiceRegistry registry = registry(List.of());

  private ServiceRegistry registry(List<Service> configured) {
    return new ServiceRegistry(store, configured, nanos::get);
  }

  private static Version stored(WriteOutcome outcome) {
    return ((WriteOutcome.Stored) outcome).version();
  }

  private Version create(StoredService service) {
    Version version = stored(Stages.join(store.create(service)));
    Stages.join(store.refreshed());
    return version;
  }

  private Optional<Service> find() {
    return registry.find(new TaskKey("ASR"));
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Test
  void keepsTheFormerServicesWhileTheStoreCannotBeRead() {
    create(ServiceSamples.stored("asr", ServiceSamples.FULL));
    registry.read();
    store.setAvailable(false);
    pass(Duration.ofHours(1));
    registry.read();
    assertThat(find().orElseThrow().spec()).isEqualTo(ServiceSamples.FULL);
  }

  @Test
  void readsUnchangedRecordsOnce() {
    Version first = create(ServiceSamples.stored("asr", ServiceSamples.FULL));
    create(ServiceSamples.stored("ocr", ServiceSamples.FULL));
    registry.read();
    registry.read();
    assertThat(store.transferred()).isEqualTo(2);
    Stages.join(store.replace(ServiceSamples.stored("asr", ServiceSpec.EMPTY), first));
    Stages.join(store.refreshed());
    registry.read();
    assertThat(store.transferred()).isEqualTo(3);
    assertThat(find().orElseThrow().spec()).isEqualTo(ServiceSpec.EMPTY);
  }

  @Test
  void ownChangesAreEffectiveBeforeTheyAreFound() {
    StoredService service = ServiceSamples.stored("asr", ServiceSpec.EMPTY);
    store.setRefreshes(false);
    registry.apply(service, stored(Stages.join(store.create(service))));
    registry.read();
    assertThat(find()).isPresent();
  }

  @Test
  void ownRemovalIsEffectiveBeforeItIsFound() {
    Version created = create(ServiceSamples.stored("asr", ServiceSpec.EMPTY));
    registry.read();
    registry.applyRemoval(ASR, stored(Stages.join(store.remove(ASR, created))));
    registry.read();
    assertThat(find()).isEmpty();
  }

  @Test
  void laterChangeOfAnotherServerReplacesAnOwnOne() {
    StoredService service = ServiceSamples.stored("asr", ServiceSpec.EMPTY);
    Version created = create(service);
    registry.apply(service, created);
    StoredService later = service.withHealth(ServiceSamples.SLEEPING);
    Stages.join(store.replace(later, created));
    Stages.join(store.refreshed());
    registry.read();
    assertThat(find().orElseThrow().health()).isEqualTo(ServiceSamples.SLEEPING);
  }

  @Test
  void changeOfALaterTermReplacesAnOwnOne() {
    StoredService service = ServiceSamples.stored("asr", ServiceSpec.EMPTY);
    registry.apply(service, new Version(100, 1));
    StoredService later = service.withHealth(ServiceSamples.SLEEPING);
    registry.apply(later, new Version(7, 2));
    registry.apply(service, new Version(100, 1));
    assertThat(find().orElseThrow().health()).isEqualTo(ServiceSamples.SLEEPING);
  }

  @Test
  void removalByAnotherServerIsSeenAfterAWhile() {
    StoredService service = ServiceSamples.stored("asr", ServiceSpec.EMPTY);
    Version created = create(service);
    registry.apply(service, created);
    Stages.join(store.remove(ASR, created));
    Stages.join(store.refreshed());
    pass(ServiceRegistry.OWN_CHANGE.plusMillis(1));
    registry.read();
    assertThat(find()).isEmpty();
  }

  @Test
  void configurationDescribesItsServicesAndRecordsAddTheirHealth() {
    Service configured =
        ServiceSamples.service("asr", Service.Source.CONFIGURED, ServiceSamples.FULL);
    ServiceRegistry other = registry(List.of(configured));
    create(ServiceSamples.stored("asr", ServiceSpec.EMPTY).withHealth(ServiceSamples.SLEEPING));
    other.read();
    Service found = other.find(new TaskKey("ASR")).orElseThrow();
    assertThat(found.source()).isEqualTo(Service.Source.CONFIGURED);
    assertThat(found.spec()).isEqualTo(ServiceSamples.FULL);
    assertThat(found.health()).isEqualTo(ServiceSamples.SLEEPING);
  }

  @Test
  void recordReplacesTheServiceOfAKey() {
    ServiceRegistry other =
        registry(List.of(ServiceSamples.service("asr", Service.Source.KEY, ServiceSpec.EMPTY)));
    create(ServiceSamples.stored("asr", ServiceSamples.FULL));
    other.read();
    assertThat(other.find(new TaskKey("ASR")).orElseThrow().source())
        .isEqualTo(Service.Source.MANAGED);
  }

  @Test
  void healthOfAFormerConfiguredServiceIsNoService() {
    create(StoredService.ofHealth(ASR, ServiceSamples.SLEEPING));
    registry.read();
    assertThat(find()).isEmpty();
    assertThat(registry.all()).isEmpty();
  }
}
