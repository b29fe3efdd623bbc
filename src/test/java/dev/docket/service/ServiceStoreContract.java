package dev.docket.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.concurrent.Stages;
import dev.docket.store.Version;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every {@link ServiceStore} does. */
public interface ServiceStoreContract {

  ServiceStore services();

  private Version create(StoredService service) {
    return version(Stages.join(services().create(service)));
  }

  private static Version version(WriteOutcome outcome) {
    assertThat(outcome).isInstanceOf(WriteOutcome.Stored.class);
    return ((WriteOutcome.Stored) outcome).version();
  }

  @Test
  default void findsWhatWasCreated() {
    StoredService full = ServiceSamples.stored("full", ServiceSamples.FULL);
    StoredService health =
        StoredService.ofHealth(new ServiceSlug("health"), ServiceSamples.SLEEPING);
    create(full);
    create(health);
    assertThat(Stages.join(services().find(full.slug())).orElseThrow().value()).isEqualTo(full);
    assertThat(Stages.join(services().find(health.slug())).orElseThrow().value()).isEqualTo(health);
    assertThat(Stages.join(services().find(new ServiceSlug("missing")))).isEmpty();
    assertThat(Stages.join(services().create(full))).isInstanceOf(WriteOutcome.Conflict.class);
  }

  @Test
  default void replacesAndRemovesTheVersionThatWasSeenOnly() {
    StoredService first = ServiceSamples.stored("changed", ServiceSpec.EMPTY);
    Version created = create(first);
    StoredService second = first.withHealth(ServiceSamples.SLEEPING);
    Version replaced = version(Stages.join(services().replace(second, created)));

    assertThat(Stages.join(services().replace(first, created)))
        .isInstanceOf(WriteOutcome.Conflict.class);
    assertThat(Stages.join(services().remove(first.slug(), created)))
        .isInstanceOf(WriteOutcome.Conflict.class);
    assertThat(Stages.join(services().find(first.slug())).orElseThrow().value()).isEqualTo(second);

    Version removed = version(Stages.join(services().remove(first.slug(), replaced)));
    assertThat(removed.sequence()).isGreaterThan(replaced.sequence());
    assertThat(Stages.join(services().find(first.slug()))).isEmpty();
    assertThat(create(first).sequence()).isGreaterThan(removed.sequence());
  }

  @Test
  default void listsAll() {
    for (String slug : List.of("c", "a", "b")) {
      create(ServiceSamples.stored(slug, ServiceSpec.EMPTY));
    }
    Stages.join(services().refreshed());
    assertThat(services().all(List.of(), 10))
        .extracting(Versioned::value)
        .extracting(service -> service.slug().value())
        .containsExactlyInAnyOrder("a", "b", "c");
    assertThat(services().all(List.of(), 2)).hasSize(2);
  }

  @Test
  default void listsAllAfterChangesOfKnownRecords() {
    StoredService same = ServiceSamples.stored("same", ServiceSamples.FULL);
    StoredService changed = ServiceSamples.stored("changed", ServiceSpec.EMPTY);
    StoredService removed = ServiceSamples.stored("removed", ServiceSpec.EMPTY);
    create(same);
    Version before = create(changed);
    Version last = create(removed);
    Stages.join(services().refreshed());
    List<Versioned<StoredService>> known = services().all(List.of(), 10);

    StoredService later = changed.withHealth(ServiceSamples.SLEEPING);
    StoredService added = ServiceSamples.stored("added", ServiceSpec.EMPTY);
    Stages.join(services().replace(later, before));
    Stages.join(services().remove(removed.slug(), last));
    create(added);
    Stages.join(services().refreshed());

    List<Versioned<StoredService>> all = services().all(known, 10);
    assertThat(all).extracting(Versioned::value).containsExactlyInAnyOrder(same, later, added);
    assertThat(services().all(all, 10)).containsExactlyInAnyOrderElementsOf(all);
  }
}
