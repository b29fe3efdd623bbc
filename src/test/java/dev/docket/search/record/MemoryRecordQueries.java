package dev.docket.search.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.elastic.record.RecordCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Evaluates conditions on records in memory. Snapshots are live. */
public final class MemoryRecordQueries implements RecordQueries {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Supplier<Stream<FoundRecord>> records;
  private int opened;
  private int open;

  /**
   * @param records all records
   */
  public MemoryRecordQueries(Supplier<Stream<FoundRecord>> records) {
    this.records = records;
  }

  /** The number of snapshots that were not given up. */
  public int open() {
    return open;
  }

  @Override
  public void refresh(Set<SearchedKind> kinds) {}

  @Override
  public RecordSnapshot open(Duration keepAlive) {
    open++;
    return new Snapshot("snapshot " + opened++);
  }

  @Override
  public RecordSnapshot reopen(String id, Duration keepAlive) {
    return new Snapshot(id);
  }

  private record Row(FoundRecord found, SearchedKind kind, JsonNode json) {
    static Row of(FoundRecord found) {
      try {
        if (found instanceof FoundRecord.OfDocument document) {
          return new Row(
              found,
              SearchedKind.DOCUMENT,
              JSON.readTree(RecordCodec.DOCUMENT.write(document.document())));
        }
        if (found instanceof FoundRecord.OfTask task) {
          return new Row(
              found, SearchedKind.TASK, JSON.readTree(RecordCodec.TASK.write(task.task())));
        }
        FoundRecord.OfResult result = (FoundRecord.OfResult) found;
        return new Row(
            found, SearchedKind.RESULT, JSON.readTree(RecordCodec.RESULT.write(result.result())));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (RecordCodec.Unwritable e) {
        throw new IllegalStateException(e);
      }
    }

    boolean isSeen() {
      return json.path("deleted_at").isMissingNode()
          && json.path("visible").asBoolean(true)
          && json.path("latest").asBoolean(true);
    }

    List<String> values(String field) {
      String path =
          kind == SearchedKind.TASK && (field.startsWith("target.") || field.startsWith("creator."))
              ? "document." + field
              : field;
      List<String> values = new ArrayList<>();
      collect(json.at("/" + path.replace('.', '/')), values);
      return values;
    }

    private static void collect(JsonNode node, List<String> values) {
      if (node.isContainerNode()) {
        node.forEach(item -> collect(item, values));
      } else if (!node.isMissingNode() && !node.isNull()) {
        values.add(node.asText());
      }
    }
  }

  private record Match(Row row) implements Condition.Visitor<Boolean> {

    @Override
    public Boolean and(Condition.And and) {
      return and.parts().stream().allMatch(part -> part.accept(this));
    }

    @Override
    public Boolean or(Condition.Or or) {
      return or.parts().stream().anyMatch(part -> part.accept(this));
    }

    @Override
    public Boolean not(Condition.Not not) {
      return !not.condition().accept(this);
    }

    @Override
    public Boolean equal(Condition.Equal equal) {
      return row.values(equal.field()).stream().anyMatch(equal.values()::contains);
    }

    @Override
    public Boolean exists(Condition.Exists exists) {
      return !row.values(exists.field()).isEmpty();
    }

    @Override
    public Boolean wildcard(Condition.Wildcard wildcard) {
      Pattern pattern =
          Pattern.compile(
              regularExpression(wildcard.pattern()),
              wildcard.ignoreCase() ? Pattern.CASE_INSENSITIVE : 0);
      return row.values(wildcard.field()).stream()
          .anyMatch(value -> pattern.matcher(value).matches());
    }

    private static String regularExpression(String pattern) {
      StringBuilder expression = new StringBuilder();
      for (int i = 0; i < pattern.length(); i++) {
        char c = pattern.charAt(i);
        if (c == '*' || c == '?') {
          expression.append(c == '*' ? ".*" : ".");
        } else {
          if (c == '\\' && i + 1 < pattern.length()) {
            c = pattern.charAt(++i);
          }
          expression.append(Pattern.quote(String.valueOf(c)));
        }
      }
      return expression.toString();
    }

    @Override
    public Boolean words(Condition.Words words) {
      Set<String> found = new LinkedHashSet<>();
      row.values(words.field()).forEach(value -> found.addAll(split(value)));
      List<String> asked = split(words.words());
      return words.all() ? found.containsAll(asked) : asked.stream().anyMatch(found::contains);
    }

    private static List<String> split(String text) {
      return Arrays.asList(text.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}_.]+", -1));
    }

    @Override
    public Boolean between(Condition.Between between) {
      return row.values(between.field()).stream()
          .map(Instant::parse)
          .anyMatch(time -> !time.isBefore(between.from()) && time.isBefore(between.to()));
    }
  }

  private final class Snapshot implements RecordSnapshot {

    private final String id;
    private boolean closed;

    Snapshot(String id) {
      this.id = id;
    }

    private List<Row> rows(Map<SearchedKind, Condition> conditions) {
      return records
          .get()
          .map(Row::of)
          .filter(Row::isSeen)
          .filter(row -> conditions.containsKey(row.kind()))
          .filter(row -> conditions.get(row.kind()).accept(new Match(row)))
          .sorted(
              Comparator.comparing((Row row) -> row.json().path("created_at").asText())
                  .thenComparing(row -> row.found().id()))
          .toList();
    }

    @Override
    public String id() {
      return id;
    }

    @Override
    public long count(RecordSelection selection) {
      return rows(selection.conditions()).size();
    }

    @Override
    public RecordPage page(RecordSelection selection, RecordPage.Position after, int size) {
      List<Row> all = rows(selection.conditions());
      int from = after == null ? 0 : (int) after.tieBreaker();
      int to = Math.min(all.size(), from + size);
      return new RecordPage(
          all.subList(Math.min(from, to), to).stream().map(Row::found).toList(),
          to > from ? new RecordPage.Position(0, "", to) : null,
          to - from < size);
    }

    @Override
    public RecordPage.Position skip(RecordSelection selection, long count) {
      return count > count(selection) ? null : new RecordPage.Position(0, "", count);
    }

    @Override
    public List<String> values(SearchedKind kind, Condition condition, String field) {
      return rows(Map.of(kind, condition)).stream()
          .flatMap(row -> row.values(field).stream())
          .distinct()
          .toList();
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        open--;
      }
    }

    @Override
    public boolean release() {
      close();
      return true;
    }
  }
}
