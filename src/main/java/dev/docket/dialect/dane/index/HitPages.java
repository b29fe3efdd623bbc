package dev.docket.dialect.dane.index;

import dev.docket.dialect.dane.DaneStates;
import dev.docket.dialect.dane.DaneStates.ShownTask;
import dev.docket.result.ResultViews;
import dev.docket.search.record.FoundRecord;
import dev.docket.search.record.RecordPage;
import dev.docket.search.record.RecordPage.Position;
import dev.docket.search.record.RecordSelection;
import dev.docket.search.record.RecordSnapshot;
import dev.docket.task.Task;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The hits of a search, read page by page while they are written, so that memory holds one page.
 * Blocks. Not thread-safe.
 */
final class HitPages implements AutoCloseable {

  private static final int PAGE_SIZE = 100;

  private final RecordSnapshot snapshot;
  private final ConditionResolver resolver;
  private final DaneStates states;
  private final ResultViews views;
  private final RecordSelection selection;
  private final long total;
  private final boolean keepsSnapshot;
  private @Nullable Position position;
  private int remaining;
  private List<Hit> first = List.of();

  /**
   * What to read.
   *
   * @param total the number of hits in all; null if it is not known yet
   * @param from how many hits to skip
   * @param after where to start; null for the start
   * @param size the maximum number of hits
   * @param keepsSnapshot whether other searches continue with the snapshot
   */
  record Range(
      @Nullable Long total, long from, @Nullable Position after, int size, boolean keepsSnapshot) {}

  HitPages(
      RecordSnapshot snapshot,
      ConditionResolver resolver,
      DaneStates states,
      ResultViews views,
      RecordSelection selection,
      Range range) {
    this.snapshot = snapshot;
    this.resolver = resolver;
    this.states = states;
    this.views = views;
    this.selection = selection;
    this.keepsSnapshot = range.keepsSnapshot();
    this.position = range.after();
    this.remaining = selection.conditions().isEmpty() ? 0 : range.size();
    skip(range.from());
    boolean fromStart = position == null && range.from() == 0;
    boolean asked = remaining > 0;
    first = read();
    boolean isAll = fromStart && asked && remaining == 0 && first.size() < range.size();
    Long known = range.total();
    if (known != null) {
      total = known;
    } else if (selection.conditions().isEmpty()) {
      total = 0;
    } else {
      total = isAll ? first.size() : snapshot.count(selection);
    }
    releaseAtEnd();
  }

  private void skip(long count) {
    if (count > 0 && remaining > 0) {
      position = snapshot.skip(selection, count);
      if (position == null) {
        remaining = 0;
      }
    }
  }

  /** The number of all records that match, not only of those on the pages. */
  long total() {
    return total;
  }

  /** The next hits; empty at the end. */
  List<Hit> next() {
    List<Hit> page = first;
    first = List.of();
    if (page.isEmpty()) {
      page = read();
      releaseAtEnd();
    }
    return page;
  }

  private List<Hit> read() {
    List<Hit> hits = List.of();
    while (hits.isEmpty() && remaining > 0) {
      RecordPage page = snapshot.page(selection, position, Math.min(remaining, PAGE_SIZE));
      Position last = page.last();
      position = last == null ? position : last;
      remaining = page.complete() ? 0 : remaining - page.records().size();
      hits = hits(page.records());
    }
    return hits;
  }

  private List<Hit> hits(List<FoundRecord> records) {
    List<Task> tasks = new ArrayList<>();
    for (FoundRecord found : records) {
      if (found instanceof FoundRecord.OfTask task) {
        tasks.add(task.task());
      }
    }
    Iterator<ShownTask> shown = states.show(tasks).toCompletableFuture().join().iterator();
    List<Hit> hits = new ArrayList<>();
    for (FoundRecord found : records) {
      if (found instanceof FoundRecord.OfDocument document) {
        hits.add(Hit.of(document.document()));
      } else if (found instanceof FoundRecord.OfResult result) {
        hits.add(Hit.of(result.result(), views));
      } else {
        hits.add(Hit.of(resolver.shown(shown.next())));
      }
    }
    return hits;
  }

  /** Identifies the snapshot. */
  String snapshotId() {
    return snapshot.id();
  }

  /** The position of the last hit that was read; null before the first. */
  @Nullable Position position() {
    return position;
  }

  private void releaseAtEnd() {
    if (remaining == 0) {
      close();
    }
  }

  /** Gives up the snapshot, unless other searches continue with it. */
  @Override
  public void close() {
    if (!keepsSnapshot) {
      snapshot.close();
    }
  }
}
