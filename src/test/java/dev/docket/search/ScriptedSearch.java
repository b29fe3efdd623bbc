package dev.docket.search;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.document.Document;
import dev.docket.result.PayloadStore;
import dev.docket.result.Payloads;
import dev.docket.result.Result;
import dev.docket.store.StoreUnavailable;
import dev.docket.task.Task;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/** A search with scripted pages. */
final class ScriptedSearch<T> {

  /** The result of {@link #search}; null makes the store unavailable. */
  volatile Page<T> page;

  /** The pages of {@link #all} by number, from 0; null makes the store unavailable. */
  volatile IntFunction<List<T>> pages = number -> null;

  volatile SearchQuery lastQuery;
  final AtomicInteger open = new AtomicInteger();
  final AtomicInteger opened = new AtomicInteger();

  void reset() {
    page = null;
    pages = number -> null;
    lastQuery = null;
    opened.set(0);
  }

  Page<T> search(SearchQuery query) {
    lastQuery = query;
    return orUnavailable(page);
  }

  Hits<T> all(SearchQuery query) {
    lastQuery = query;
    open.incrementAndGet();
    opened.incrementAndGet();
    return new Hits<>() {
      private int number;

      @Override
      public List<T> next() {
        return orUnavailable(pages.apply(number++));
      }

      @Override
      public void close() {
        open.decrementAndGet();
      }
    };
  }

  private static <P> P orUnavailable(P page) {
    if (page == null) {
      throw new StoreUnavailable("not now");
    }
    return page;
  }

  static TaskSearch tasks(ScriptedSearch<Task> script) {
    return new TaskSearch() {
      @Override
      public Page<Task> search(SearchQuery query) {
        return script.search(query);
      }

      @Override
      public Hits<Task> all(SearchQuery query) {
        return script.all(query);
      }
    };
  }

  static DocumentSearch documents(ScriptedSearch<Document> script) {
    return new DocumentSearch() {
      @Override
      public Page<Document> search(SearchQuery query) {
        return script.search(query);
      }

      @Override
      public Hits<Document> all(SearchQuery query) {
        return script.all(query);
      }
    };
  }

  static ResultSearch results(ScriptedSearch<Result> script) {
    return new ResultSearch() {
      @Override
      public Page<Result> search(SearchQuery query) {
        return script.search(query);
      }

      @Override
      public Hits<Result> all(SearchQuery query) {
        return script.all(query);
      }
    };
  }

  /** The payloads of large results. */
  static Payloads payloads(PayloadStore store) {
    return new Payloads(store, new ObjectMapper(), Clock.systemUTC(), 16 << 20);
  }
}
