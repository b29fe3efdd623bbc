package dev.docket.dialect.dane.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.docket.http.InvalidRequest;
import dev.docket.store.StoreUnavailable;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

final class StoreWaitTest {

  private int calls;

  /** A call that fails a few times. */
  private Supplier<String> failing(int times, RuntimeException failure) {
    return () -> {
      calls++;
      if (calls <= times) {
        throw failure;
      }
      return "done";
    };
  }

  @Test
  void repeatsCallUntilStoreIsAvailable() {
    StoreWait wait = new StoreWait(StoreWait.LIMIT);
    StoreUnavailable unavailable = new StoreUnavailable("connection refused");

    assertThat(wait.call(failing(2, unavailable))).isEqualTo("done");
    assertThat(calls).isEqualTo(3);

    calls = 0;
    assertThat(wait.call(failing(1, new CompletionException(unavailable)))).isEqualTo("done");
    assertThat(calls).isEqualTo(2);
  }

  @Test
  void givesUpAtLimit() {
    StoreUnavailable unavailable = new StoreUnavailable("connection refused");

    assertThatThrownBy(
            () ->
                new StoreWait(Duration.ofMillis(200)).call(failing(Integer.MAX_VALUE, unavailable)))
        .isSameAs(unavailable);
    assertThat(calls).isBetween(2, 5);
  }

  @Test
  void doesNotRepeatOtherFailures() {
    InvalidRequest invalid = InvalidRequest.field("", "must be a JSON object");

    assertThatThrownBy(() -> new StoreWait(StoreWait.LIMIT).call(failing(1, invalid)))
        .isSameAs(invalid);
    assertThat(calls).isEqualTo(1);
  }
}
