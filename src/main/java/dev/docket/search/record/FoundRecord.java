package dev.docket.search.record;

import dev.docket.document.Document;
import dev.docket.result.Result;
import dev.docket.task.Task;

/** A record of one of the kinds. */
public sealed interface FoundRecord {

  /** The id of the record. */
  String id();

  /** A document. */
  record OfDocument(Document document) implements FoundRecord {
    @Override
    public String id() {
      return document.id().value();
    }
  }

  /** A task. */
  record OfTask(Task task) implements FoundRecord {
    @Override
    public String id() {
      return task.id().value();
    }
  }

  /** A result. */
  record OfResult(Result result) implements FoundRecord {
    @Override
    public String id() {
      return result.id().value();
    }
  }
}
