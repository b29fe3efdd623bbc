package dev.docket.search;

import static dev.docket.search.Column.extra;
import static dev.docket.search.Column.json;
import static dev.docket.search.Column.value;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import dev.docket.audit.AuditRecord;
import dev.docket.document.DocumentView;
import dev.docket.result.ResultView;
import dev.docket.task.api.TaskView;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The columns of CSV exports: the fields of the JSON views, in the same order. */
final class Columns {

  /** The keys of a result's generator that have columns of their own. */
  private static final List<String> GENERATOR = List.of("id", "type", "name", "homepage");

  static final List<Column> DOCUMENTS = of(DocumentView.class);
  static final List<Column> TASKS = of(TaskView.class);
  static final List<Column> RESULTS = of(ResultView.class);
  static final List<Column> AUDIT = of(AuditRecord.class);

  private Columns() {}

  private static List<Column> of(Class<?> view) {
    List<Column> columns = new ArrayList<>();
    addFields(columns, view, "");
    return List.copyOf(columns);
  }

  /** Adds the fields of a view or, with a prefix that ends with a point, of a part of it. */
  private static void addFields(List<Column> columns, Class<?> view, String prefix) {
    for (RecordComponent field : view.getRecordComponents()) {
      String name = prefix + name(field);
      Class<?> type = field.getType();
      if (field.getAccessor().isAnnotationPresent(JsonAnyGetter.class)) {
        String part = prefix.substring(0, prefix.length() - 1);
        columns.add(extra(part, namedFields(view)));
      } else if (name.equals("generator")) {
        GENERATOR.forEach(key -> columns.add(value(name + "." + key)));
        columns.add(extra(name, GENERATOR.toArray(String[]::new)));
      } else if (type.isRecord() && !isWrittenAsValue(type)) {
        addFields(columns, type, name + ".");
      } else {
        boolean free =
            type == Object.class
                || Map.class.isAssignableFrom(type)
                || Collection.class.isAssignableFrom(type);
        columns.add(free ? json(name) : value(name));
      }
    }
  }

  private static String[] namedFields(Class<?> part) {
    return Arrays.stream(part.getRecordComponents())
        .filter(field -> !field.getAccessor().isAnnotationPresent(JsonAnyGetter.class))
        .map(Columns::name)
        .toArray(String[]::new);
  }

  private static String name(RecordComponent field) {
    JsonProperty named = field.getAccessor().getAnnotation(JsonProperty.class);
    return named == null || named.value().isEmpty()
        ? SnakeCaseStrategy.INSTANCE.translate(field.getName())
        : named.value();
  }

  /** Whether JSON contains the only component of the record instead of an object. */
  private static boolean isWrittenAsValue(Class<?> type) {
    return Stream.of(type.getMethods()).anyMatch(m -> m.isAnnotationPresent(JsonValue.class));
  }
}
