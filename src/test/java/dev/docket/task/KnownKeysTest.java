package dev.docket.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.docket.store.StoreUnavailable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class KnownKeysTest implements TaskKeySearch {

  private static final TaskKey ASR = new TaskKey("ASR");
  private static final TaskKey OCR = new TaskKey("OCR");
  private static final TaskKey CONFIGURED = new TaskKey("CONFIGURED");

  private final Set<TaskKey> stored = new HashSet<>();
  private final List<Set<TaskKey>> searches = new ArrayList<>();
  private final Deque<Runnable> work = new ArrayDeque<>();
  private boolean unavailable;
  private boolean rejecting;
  private final KnownKeys keys = new KnownKeys(CONFIGURED::equals, this, this::execute);

  @Override
  public Set<TaskKey> withTasks(Collection<TaskKey> searched) {
    searches.add(Set.copyOf(searched));
    if (unavailable) {
      throw new StoreUnavailable("down");
    }
    return searched.stream().filter(stored::contains).collect(Collectors.toSet());
  }

  private void execute(Runnable task) {
    if (rejecting) {
      throw new RejectedExecutionException("full");
    }
    work.add(task);
  }

  private void work() {
    while (!work.isEmpty()) {
      work.remove().run();
    }
  }

  private CompletableFuture<Set<TaskKey>> find(TaskKey... searched) {
    return keys.find(Set.of(searched)).toCompletableFuture();
  }

  @Test
  void findsConfiguredKeysWithoutSearch() {
    assertThat(find(CONFIGURED)).isCompletedWithValue(Set.of(CONFIGURED));
    assertThat(work).isEmpty();
  }

  @Test
  void findsKeysWithTasks() {
    stored.add(ASR);

    CompletableFuture<Set<TaskKey>> found = find(ASR, OCR, CONFIGURED);
    work();

    assertThat(found).isCompletedWithValue(Set.of(ASR, CONFIGURED));
    assertThat(searches).containsExactly(Set.of(ASR, OCR));
  }

  @Test
  void remembersKnownKeysAndNotUnknownOnes() {
    stored.add(ASR);
    find(ASR, OCR);
    work();
    stored.add(OCR);

    CompletableFuture<Set<TaskKey>> found = find(ASR, OCR);
    work();

    assertThat(found).isCompletedWithValue(Set.of(ASR, OCR));
    assertThat(searches).last().isEqualTo(Set.of(OCR));
  }

  @Test
  void callsAtTheSameTimeShareASearch() {
    stored.add(OCR);
    CompletableFuture<Set<TaskKey>> first = find(ASR);
    CompletableFuture<Set<TaskKey>> second = find(OCR);
    work();

    assertThat(searches).containsExactly(Set.of(ASR, OCR));
    assertThat(first).isCompletedWithValue(Set.of());
    assertThat(second).isCompletedWithValue(Set.of(OCR));
  }

  @Test
  void boundsKeysOfOneSearch() {
    Set<TaskKey> many =
        IntStream.rangeClosed(1, KnownKeys.MAX_SEARCHED + 1)
            .mapToObj(i -> new TaskKey("K" + i))
            .collect(Collectors.toSet());
    stored.addAll(many);

    CompletableFuture<Set<TaskKey>> found = keys.find(many).toCompletableFuture();
    work();

    assertThat(searches).extracting(Set::size).containsExactly(KnownKeys.MAX_SEARCHED, 1);
    assertThat(found.join()).hasSameSizeAs(many);
  }

  @Test
  void keyOfCreatedTaskIsKnownAtOnceAndAnnounced() {
    List<TaskKey> announced = new ArrayList<>();
    keys.whenKnown(announced::add);

    keys.created(TaskSamples.task("ASR"));
    assertThat(keys.isKnown(ASR)).isTrue();
    assertThat(announced).as("on the thread of the store").isEmpty();
    keys.created(TaskSamples.task("ASR"));
    keys.created(TaskSamples.task("CONFIGURED"));
    work();

    assertThat(announced).containsExactly(ASR);
  }

  @Test
  void searchWorksAgainAfterFailure() {
    unavailable = true;
    CompletableFuture<Set<TaskKey>> failed = find(ASR);
    work();
    assertThatThrownBy(failed::join).hasCauseInstanceOf(StoreUnavailable.class);

    unavailable = false;
    stored.add(ASR);
    CompletableFuture<Set<TaskKey>> found = find(ASR);
    work();

    assertThat(found).isCompletedWithValue(Set.of(ASR));
  }

  @Test
  void searchWorksAgainAfterRejectedExecution() {
    rejecting = true;
    assertThatThrownBy(() -> find(ASR).join()).hasCauseInstanceOf(StoreUnavailable.class);

    rejecting = false;
    CompletableFuture<Set<TaskKey>> found = find(ASR);
    work();

    assertThat(found).isCompletedWithValue(Set.of());
  }
}
