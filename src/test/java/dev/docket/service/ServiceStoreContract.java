package dev.docket.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.concurrent.Stages;
import dev.docket.store.Version;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
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
  default void listsAllInTheOrderOfSlugs() {
    for (String slug : new String[] {"c", "a", "b"}) {
      create(ServiceSamples.stored(slug, ServiceSpec.EMPTY));
    }
    Stages.join(services().refreshed());
    assertThat(services().all(10))
        .extracting(Versioned::value)
        .extracting(service -> service.slug().value())
        .containsExactly("a", "b", "c");
    assertThat(services().all(2)).hasSize(2);
  }
}
