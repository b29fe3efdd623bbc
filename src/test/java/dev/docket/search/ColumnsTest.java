package dev.docket.search;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import dev.docket.document.DocumentView;
import dev.docket.result.ResultView;
import dev.docket.task.api.TaskView;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ColumnsTest {

  /** The first steps of the columns' paths are the view's fields, in their order. */
  private static void covers(List<Column> columns, Class<? extends Record> view) {
    Set<String> there = new LinkedHashSet<>();
    columns.forEach(column -> there.add(column.path().get(0)));
    assertThat(there)
        .containsExactlyElementsOf(
            Arrays.stream(view.getRecordComponents()).map(ColumnsTest::jsonName).toList());
    assertThat(columns).extracting(Column::name).doesNotHaveDuplicates();
  }

  private static String jsonName(RecordComponent component) {
    JsonProperty named = component.getAccessor().getAnnotation(JsonProperty.class);
    return named != null
        ? named.value()
        : PropertyNamingStrategies.SnakeCaseStrategy.INSTANCE.translate(component.getName());
  }

  @Test
  void everyFieldThatReadersSeeHasAColumn() {
    covers(Columns.DOCUMENTS, DocumentView.class);
    covers(Columns.TASKS, TaskView.class);
    covers(Columns.RESULTS, ResultView.class);
  }
}
