package dev.docket.dialect.dane.index;

import dev.docket.auth.OwnerFilter;
import dev.docket.concurrent.Stages;
import dev.docket.dialect.dane.DaneStates;
import dev.docket.dialect.dane.index.query.Clause;
import dev.docket.dialect.dane.index.query.ResultScope;
import dev.docket.result.PendingResults;
import dev.docket.result.ResultViews;
import dev.docket.search.record.Condition;
import dev.docket.search.record.FoundRecord;
import dev.docket.search.record.RecordQueries;
import dev.docket.search.record.RecordSelection;
import dev.docket.search.record.RecordSnapshot;
import dev.docket.search.record.SearchedKind;
import dev.docket.task.TaskState;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Runs searches of DANE's clients on Docket's own records. Blocks. */
final class IndexSearch {

  /** Longer than writing a page to a slow client takes. */
  private static final Duration KEEP_ALIVE = Duration.ofMinutes(3);

  /** The maximum number of tasks whose pending results a search stores first. */
  private static final int MAX_PENDING = 1_000;

  private static final Set<SearchedKind> ALL_KINDS = Set.of(SearchedKind.values());

  private final RecordQueries queries;
  private final DaneStates states;
  private final PendingResults pending;
  private final ResultViews views;

  IndexSearch(RecordQueries queries, DaneStates states, PendingResults pending, ResultViews views) {
    this.queries = queries;
    this.states = states;
    this.pending = pending;
    this.views = views;
  }

  /** Finds what was written before this call, oldest first. */
  HitPages find(SearchCall call, OwnerFilter owners) {
    return pages(
        open(call.query(), KEEP_ALIVE),
        call,
        new HitPages.Range(null, call.from(), null, call.size(), false),
        owners);
  }

  /** Starts a scroll: other calls continue with the snapshot. */
  HitPages startScroll(SearchCall call, Duration keepAlive, OwnerFilter owners) {
    return pages(
        open(call.query(), keepAlive),
        call,
        new HitPages.Range(null, 0, null, call.size(), true),
        owners);
  }

  /** Continues a scroll. */
  HitPages scroll(ScrollId id, SearchCall call, Duration keepAlive, OwnerFilter owners) {
    return pages(
        queries.reopen(id.snapshot(), keepAlive),
        call,
        new HitPages.Range(id.total(), 0, id.after(), call.size(), true),
        owners);
  }

  /** Ends a scroll, and returns whether it still existed. */
  boolean release(ScrollId id) {
    return queries.reopen(id.snapshot(), KEEP_ALIVE).release();
  }

  private HitPages pages(
      RecordSnapshot snapshot, SearchCall call, HitPages.Range range, OwnerFilter owners) {
    try {
      ConditionResolver resolver = new ConditionResolver(snapshot, states, owners);
      return new HitPages(snapshot, resolver, states, views, resolver.select(call.query()), range);
    } catch (RuntimeException | Error failure) {
      if (range.total() == null) {
        snapshot.close();
      }
      throw failure;
    }
  }

  private RecordSnapshot open(Clause query, Duration keepAlive) {
    queries.refresh(ALL_KINDS);
    RecordSnapshot snapshot = queries.open(keepAlive);
    boolean complete = false;
    try {
      complete = !storePending(query, snapshot);
    } finally {
      if (!complete) {
        snapshot.close();
      }
    }
    if (complete) {
      return snapshot;
    }
    queries.refresh(ALL_KINDS);
    return queries.open(keepAlive);
  }

  /**
   * Stores the results that are still in the outbox of tasks that have ended with success, so that
   * nobody sees the success without its results. Returns whether there were any.
   */
  private boolean storePending(Clause query, RecordSnapshot snapshot) {
    Condition concerned =
        Condition.and(
            query.accept(new ResultScope()),
            Condition.equal("state", TaskState.SUCCESS.number() + ""),
            Condition.exists("outbox_due"));
    if (concerned.equals(Condition.NONE)) {
      return false;
    }
    RecordSelection tasks = RecordSelection.of(SearchedKind.TASK, concerned);
    List<CompletableFuture<Boolean>> stored =
        snapshot.page(tasks, null, MAX_PENDING).records().stream()
            .map(found -> ((FoundRecord.OfTask) found).task().id())
            .map(id -> pending.store(id).toCompletableFuture())
            .toList();
    Stages.all(stored).join();
    return stored.stream().anyMatch(CompletableFuture::join);
  }
}
