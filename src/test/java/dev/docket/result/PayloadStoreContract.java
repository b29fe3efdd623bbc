package dev.docket.result;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.result.PayloadStore.PartName;
import dev.docket.store.WriteOutcome;
import dev.docket.task.ResultId;
import dev.docket.task.TaskId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** The contract of {@link PayloadStore}. The tests share a store, so each uses its own ids. */
public interface PayloadStoreContract {

  Instant LONG_AGO = Instant.parse("1990-01-01T00:00:00.001Z");
  PayloadPart.Owner OWNER = new PayloadPart.Owner(new TaskId("t"), 2, "run", "claim");

  PayloadStore payloads();

  /** Makes all writes visible to searches. */
  void refresh();

  private static <T> T join(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  private static PayloadPart part(String result, int number, Instant at) {
    return new PayloadPart(new ResultId(result), number, OWNER, new byte[] {'1'}, null, at);
  }

  private PartName stored(String result, int number, Instant at) {
    PayloadPart part = part(result, number, at);
    assertThat(join(payloads().put(part))).isInstanceOf(WriteOutcome.Stored.class);
    return new PartName(part.result(), number, OWNER, at);
  }

  private PayloadPart found(String result, int number) {
    return join(payloads().find(new ResultId(result), number)).orElseThrow();
  }

  @Test
  default void findsStoredPartUnchanged() {
    byte[] bytes = new byte[PayloadPart.BYTES];
    new Random(1).nextBytes(bytes);
    PayloadPart.Owner saved = new PayloadPart.Owner(new TaskId("t"), 1, "run", null);
    join(
        payloads()
            .put(new PayloadPart(new ResultId("whole"), 1, saved, bytes, 300_000L, LONG_AGO)));

    PayloadPart found = found("whole", 1);

    assertThat(found.bytes()).isEqualTo(bytes);
    assertThat(found.total()).isEqualTo(300_000L);
    assertThat(found.owner()).isEqualTo(saved);
    assertThat(found.createdAt()).isEqualTo(LONG_AGO);
    assertThat(join(payloads().find(new ResultId("whole"), 0))).isEmpty();
    assertThat(join(payloads().find(new ResultId("other"), 1))).isEmpty();
  }

  @Test
  default void overwritesPart() {
    stored("again", 0, LONG_AGO);
    join(
        payloads()
            .put(
                new PayloadPart(
                    new ResultId("again"), 0, OWNER, new byte[] {'2', '3'}, 2L, LONG_AGO)));

    assertThat(found("again", 0).bytes()).containsExactly('2', '3');
    assertThat(found("again", 0).total()).isEqualTo(2);
  }

  @Test
  default void removesOnePart() {
    stored("removed", 0, LONG_AGO);
    stored("removed", 1, LONG_AGO);

    assertThat(join(payloads().remove(new ResultId("removed"), 0)))
        .isInstanceOf(WriteOutcome.Stored.class);

    assertThat(join(payloads().find(new ResultId("removed"), 0))).isEmpty();
    assertThat(found("removed", 1).number()).isEqualTo(1);
    assertThat(join(payloads().remove(new ResultId("removed"), 0)))
        .isInstanceOf(WriteOutcome.Conflict.class);
  }

  @Test
  default void findsOldPartsInPagesEarliestFirst() {
    Instant at = Instant.parse("1980-01-01T00:00:00.001Z");
    List<PartName> expected = new ArrayList<>();
    expected.add(stored("z", 0, at));
    stored("a", 0, at.plusMillis(2));
    for (int number : new int[] {2, 10}) {
      expected.add(stored("b", number, at.plusMillis(1)));
    }
    expected.add(stored("c", 0, at.plusMillis(1)));
    refresh();
    Instant before = at.plusMillis(2);

    List<PartName> all = new ArrayList<>();
    List<PartName> page = payloads().writtenBefore(before, null, 2);
    while (!page.isEmpty()) {
      all.addAll(page);
      page = payloads().writtenBefore(before, all.get(all.size() - 1), 2);
    }

    assertThat(all).isEqualTo(expected);
  }
}
