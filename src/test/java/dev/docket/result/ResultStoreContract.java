package dev.docket.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import dev.docket.task.ResultDraft;
import dev.docket.task.RunResults;
import dev.docket.task.Task;
import dev.docket.task.TaskSamples;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every {@link ResultStore} does. The store may hold what other tests left in it. */
public interface ResultStoreContract {

  ResultStore store();

  private static <T> T now(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  private static Result result(JsonNode payload) {
    Task task = TaskSamples.task("ASR");
    return Result.of(
        task,
        new RunResults(1, task.run(), 1),
        0,
        new ResultDraft(payload, Map.of("id", "asr", "name", "ASR")),
        task.createdAt());
  }

  private static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  default void whatIsPutIsFoundAtOnceAsItWas() {
    Result result = result(json("{\"words\":[\"a\",1,true,null]}"));
    WriteOutcome saved = now(store().put(result));
    assertThat(now(store().find(result.id())))
        .contains(new Versioned<>(result, ((WriteOutcome.Stored) saved).version()));
  }

  @Test
  default void puttingAgainIsPuttingOnce() {
    Result result = result(json("[1]"));
    now(store().put(result));
    WriteOutcome again = now(store().put(result));
    assertThat(now(store().find(result.id())))
        .contains(new Versioned<>(result, ((WriteOutcome.Stored) again).version()));
  }

  @Test
  default void aPayloadCanBeAnyJson() {
    for (String text :
        List.of("null", "1", "\"text\"", "true", "[]", "{}", "[[[1]]]", "{\"\":{\"a.b\":0}}")) {
      Result result = result(json(text));
      assertThat(now(store().put(result))).as(text).isInstanceOf(WriteOutcome.Stored.class);
      assertThat(now(store().find(result.id())).orElseThrow().value()).as(text).isEqualTo(result);
    }
    assertThat(result(NullNode.instance).payload()).isEqualTo(NullNode.instance);
  }

  @Test
  default void aRemovedResultIsGone() {
    Result result = result(json("{}"));
    now(store().put(result));
    assertThat(now(store().remove(result.id()))).isInstanceOf(WriteOutcome.Stored.class);
    assertThat(now(store().find(result.id()))).isEmpty();
    assertThat(now(store().remove(result.id()))).isEqualTo(new WriteOutcome.Stale());
  }

  @Test
  default void manyAreFoundAtOnce() {
    List<Result> there = IntStream.range(0, 20).mapToObj(i -> result(json("" + i))).toList();
    there.forEach(result -> now(store().put(result)));
    List<ResultId> asked =
        IntStream.rangeClosed(0, 20)
            .mapToObj(i -> i < 20 ? there.get(i).id() : new ResultId("nothing"))
            .toList();
    Map<ResultId, Versioned<Result>> found = now(store().find(asked));
    assertThat(found.values().stream().map(Versioned::value))
        .containsExactlyInAnyOrderElementsOf(there);
  }

  @Test
  default void moreThanAThousandIdsAreRefused() {
    List<ResultId> many =
        IntStream.rangeClosed(0, 1_000).mapToObj(i -> new ResultId("id-" + i)).toList();
    assertThatIllegalArgumentException().isThrownBy(() -> store().find(many));
  }
}
