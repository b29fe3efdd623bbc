package dev.docket.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Programs read exports by the names of their columns. A new field adds a column. */
final class ColumnsTest {

  @Test
  void documentsHaveColumnForEachField() {
    assertColumns(
        Columns.DOCUMENTS,
        """
        id target.id target.url target.type target.extra creator.id creator.type
        creator.name creator.extra metadata created_at updated_at version
        predecessor.created_at predecessor.deleted_at owner.name owner.group""");
  }

  @Test
  void tasksHaveColumnForEachField() {
    assertColumns(
        Columns.TASKS,
        """
        id document_id document.target.id document.target.url document.target.type
        document.target.extra document.creator.id document.creator.type
        document.creator.name document.creator.extra document.created_at
        document.updated_at document.version key state state_name message progress stage
        answered_state args priority tags courier timeout lease_seconds
        retry.max_attempts retry.backoff on_dependency_failure submitted_by owner.name owner.group meta attempt
        failures due_at dispatched_at lease.worker lease.until limited_since slot cancel_requested_at
        unanswered_after results.attempt results.count result_runs depends_on wait_any
        dependents more_dependents created_at queued_at started_at finished_at updated_at
        queued_ms run_ms""");
  }

  @Test
  void resultsHaveColumnForEachField() {
    assertColumns(
        Columns.RESULTS,
        """
        id task_id document_id key target.id target.type creator.id owner.name owner.group generator.id
        generator.type generator.name generator.homepage generator.extra payload
        payload_bytes payload_url attempt latest created_at""");
  }

  @Test
  void writesFreeFormFieldsAsJson() {
    assertThat(Columns.TASKS)
        .filteredOn(column -> column.form() == Column.Form.JSON)
        .extracting(Column::name)
        .containsExactly(
            "document.target.extra",
            "document.creator.extra",
            "args",
            "tags",
            "meta",
            "result_runs",
            "depends_on",
            "dependents");
    assertThat(Columns.RESULTS)
        .filteredOn(column -> column.form() == Column.Form.JSON)
        .extracting(Column::name)
        .containsExactly("generator.extra", "payload");
  }

  @Test
  void remainingKeysAreThoseWithoutColumn() {
    assertThat(Columns.DOCUMENTS)
        .filteredOn(column -> column.name().equals("target.extra"))
        .singleElement()
        .satisfies(column -> assertThat(column.excludedKeys()).containsOnly("id", "url", "type"));
  }

  private static void assertColumns(List<Column> columns, String names) {
    assertThat(columns).extracting(Column::name).containsExactly(names.split("\\s+"));
  }
}
