package dev.docket.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import dev.docket.task.ResultDraft;
import dev.docket.task.ResultId;
import dev.docket.task.ResultRun;
import dev.docket.task.Task;
import dev.docket.task.TaskSamples;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The contract of {@link ResultStore}. The store may contain records of other tests. */
public interface ResultStoreContract {

  ResultStore store();

  private static <T> T join(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  private static Result result(JsonNode payload) {
    Task task = TaskSamples.task("ASR");
    ResultRun run = new ResultRun(1, task.run().token(), "c1", 1, List.of());
    return Result.of(
        task,
        run,
        run.resultIds(task.id()).get(0),
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
  default void findsStoredResultUnchanged() {
    Result result = result(json("{\"words\":[\"a\",1,true,null]}"));
    WriteOutcome outcome = join(store().create(result, null));
    assertThat(join(store().find(result.id())))
        .contains(new Versioned<>(result, ((WriteOutcome.Stored) outcome).version()));
  }

  @Test
  default void keepsResultThatIsCreatedAgain() {
    Result result = result(json("[1]"));
    WriteOutcome first = join(store().create(result, null));
    assertThat(join(store().create(result, null))).isEqualTo(new WriteOutcome.Conflict());
    assertThat(join(store().find(result.id())))
        .contains(new Versioned<>(result, ((WriteOutcome.Stored) first).version()));
  }

  @Test
  default void marksExistingResultOnly() {
    Result result = result(json("[1]"));
    assertThat(join(store().mark(result.id(), true, false))).isEqualTo(new WriteOutcome.Conflict());
    join(store().create(result, null));
    assertThat(join(store().mark(result.id(), true, false)))
        .isInstanceOf(WriteOutcome.Stored.class);
    Result marked = join(store().find(result.id())).orElseThrow().value();
    assertThat(marked.latest()).isFalse();
    assertThat(marked).usingRecursiveComparison().ignoringFields("latest").isEqualTo(result);
    join(store().mark(result.id(), false, true));
    assertThat(join(store().find(result.id())).orElseThrow().value().visible()).isFalse();
  }

  @Test
  default void storesAnyJsonAsPayload() {
    for (String text :
        List.of("null", "1", "\"text\"", "true", "[]", "{}", "[[[1]]]", "{\"\":{\"a.b\":0}}")) {
      Result result = result(json(text));
      assertThat(join(store().create(result, null)))
          .as(text)
          .isInstanceOf(WriteOutcome.Stored.class);
      assertThat(join(store().find(result.id())).orElseThrow().value()).as(text).isEqualTo(result);
    }
    assertThat(result(NullNode.instance).payload()).isEqualTo(NullNode.instance);
  }

  @Test
  default void removesResult() {
    Result result = result(json("{}"));
    join(store().create(result, null));
    assertThat(join(store().remove(result.id()))).isInstanceOf(WriteOutcome.Stored.class);
    assertThat(join(store().find(result.id()))).isEmpty();
    assertThat(join(store().remove(result.id()))).isEqualTo(new WriteOutcome.Conflict());
  }

  @Test
  default void findsManyResults() {
    List<Result> stored = IntStream.range(0, 20).mapToObj(i -> result(json("" + i))).toList();
    stored.forEach(result -> join(store().create(result, null)));
    List<ResultId> ids =
        IntStream.rangeClosed(0, 20)
            .mapToObj(i -> i < 20 ? stored.get(i).id() : new ResultId("nothing"))
            .toList();
    Map<ResultId, Versioned<Result>> found = join(store().find(ids));
    assertThat(found.values().stream().map(Versioned::value))
        .containsExactlyInAnyOrderElementsOf(stored);
  }

  @Test
  default void rejectsMoreThanThousandIds() {
    List<ResultId> ids =
        IntStream.rangeClosed(0, 1_000).mapToObj(i -> new ResultId("id-" + i)).toList();
    assertThatIllegalArgumentException().isThrownBy(() -> store().find(ids));
  }
}
