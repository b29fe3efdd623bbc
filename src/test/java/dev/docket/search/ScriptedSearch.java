package dev.docket.search;

import dev.docket.document.Document;
import dev.docket.result.Result;
import dev.docket.store.StoreUnavailable;
import dev.docket.task.Task;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/** A search that finds what a test says. */
final class ScriptedSearch<T> {

  /** What a page is; null: the store cannot be searched. */
  volatile Page<T> page;

  /** The pages of everything by their number from 0; null: the store cannot be searched. */
  volatile IntFunction<List<T>> pages = number -> null;

  volatile SearchQuery asked;
  final AtomicInteger open = new AtomicInteger();
  final AtomicInteger opened = new AtomicInteger();

  void forget() {
    page = null;
    pages = number -> null;
    asked = null;
    opened.set(0);
  }

  Page<T> search(SearchQuery query) {
    asked = query;
    return there(page);
  }

  Hits<T> all(SearchQuery query) {
    asked = query;
    open.incrementAndGet();
    opened.incrementAndGet();
    return new Hits<>() {
      private int number;

      @Override
      public List<T> next() {
        return there(pages.apply(number++));
      }

      @Override
      public void close() {
        open.decrementAndGet();
      }
    };
  }

  private static <P> P there(P answer) {
    if (answer == null) {
      throw new StoreUnavailable("not now");
    }
    return answer;
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
}
