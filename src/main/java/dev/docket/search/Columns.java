package dev.docket.search;

import static dev.docket.search.Column.extra;
import static dev.docket.search.Column.json;
import static dev.docket.search.Column.value;

import java.util.List;

/** The columns of CSV exports: the fields of the JSON views, in the same order. */
final class Columns {

  static final List<Column> DOCUMENTS =
      List.of(
          value("id"),
          value("target.id"),
          value("target.url"),
          value("target.type"),
          extra("target", "id", "url", "type"),
          value("creator.id"),
          value("creator.type"),
          value("creator.name"),
          extra("creator", "id", "type", "name"),
          json("metadata"),
          value("created_at"),
          value("updated_at"),
          value("version"),
          value("predecessor.created_at"),
          value("predecessor.deleted_at"));

  static final List<Column> TASKS =
      List.of(
          value("id"),
          value("document_id"),
          value("document.target.id"),
          value("document.target.url"),
          value("document.target.type"),
          extra("document.target", "id", "url", "type"),
          value("document.creator.id"),
          value("document.creator.type"),
          value("document.creator.name"),
          extra("document.creator", "id", "type", "name"),
          value("document.created_at"),
          value("document.updated_at"),
          value("document.version"),
          value("key"),
          value("state"),
          value("state_name"),
          value("message"),
          value("progress"),
          value("stage"),
          value("answered_state"),
          json("args"),
          value("priority"),
          json("tags"),
          value("courier"),
          value("timeout"),
          value("lease_seconds"),
          value("retry.max_attempts"),
          value("retry.backoff"),
          value("on_dependency_failure"),
          value("submitted_by"),
          json("meta"),
          value("attempt"),
          value("failures"),
          value("due_at"),
          value("dispatched_at"),
          value("lease.worker"),
          value("lease.until"),
          value("cancel_requested_at"),
          value("unanswered_after"),
          value("results.attempt"),
          value("results.count"),
          json("result_runs"),
          json("depends_on"),
          value("wait_any"),
          json("dependents"),
          value("more_dependents"),
          value("created_at"),
          value("queued_at"),
          value("started_at"),
          value("finished_at"),
          value("updated_at"),
          value("queued_ms"),
          value("run_ms"));

  static final List<Column> RESULTS =
      List.of(
          value("id"),
          value("task_id"),
          value("document_id"),
          value("key"),
          value("target.id"),
          value("target.type"),
          value("creator.id"),
          value("generator.id"),
          value("generator.type"),
          value("generator.name"),
          value("generator.homepage"),
          extra("generator", "id", "type", "name", "homepage"),
          json("payload"),
          value("payload_bytes"),
          value("payload_url"),
          value("attempt"),
          value("latest"),
          value("created_at"));

  private Columns() {}
}
