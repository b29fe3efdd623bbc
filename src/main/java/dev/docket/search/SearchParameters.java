package dev.docket.search;

import dev.docket.document.TargetType;
import dev.docket.http.InvalidRequest;
import dev.docket.task.TaskState;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads a search from the parameters of a request; refuses what is unknown, by name. */
final class SearchParameters {

  static final Set<String> COMMON_PARAMETERS =
      Set.of("q", "sort", "size", "cursor", "facets", "fresh");

  private static final List<String> PAGE_PARAMETERS = List.of("cursor", "facets", "size");
  private static final int MAX_VALUES = 100;
  private static final int MAX_TEXT_LENGTH = 1_000;
  private static final int MAX_KEY_LENGTH = 1_000;

  private final SearchFields fields;
  private final Map<String, List<String>> parameters;

  private SearchParameters(SearchFields fields, Map<String, List<String>> parameters) {
    this.fields = fields;
    this.parameters = parameters;
  }

  /**
   * The search that these ask for.
   *
   * @throws InvalidRequest naming the parameter, and what is allowed
   */
  static SearchQuery read(SearchFields fields, Map<String, List<String>> parameters) {
    return new SearchParameters(fields, parameters).query();
  }

  /**
   * The search for everything that these ask for, not in pages.
   *
   * @throws InvalidRequest naming the parameter, and what is allowed
   */
  static SearchQuery readAll(SearchFields fields, Map<String, List<String>> parameters) {
    for (String name : PAGE_PARAMETERS) {
      if (parameters.containsKey(name)) {
        throw InvalidRequest.field(name, "is for pages of JSON only; here all hits are sent");
      }
    }
    return read(fields, parameters);
  }

  private SearchQuery query() {
    List<SearchQuery.Filter> filters = new ArrayList<>();
    // In order of name, so that of several mistakes always the same is reported.
    for (String name : new TreeSet<>(parameters.keySet())) {
      if (fields.texts().contains(name) || fields.numbers().containsKey(name) || keyed(name)) {
        filters.add(filter(name));
      } else if (!COMMON_PARAMETERS.contains(name) && !isTime(name)) {
        throw InvalidRequest.field(
            shortened(name), "no such parameter; there are " + fields.allowed());
      }
    }
    SearchQuery.Sort sort = sort();
    return new SearchQuery(
        filters, ranges(), words(), sort, size(), cursor(sort), facets(), fresh(), 0, false);
  }

  private boolean keyed(String name) {
    if (!fields.isKeyed(name)) {
      return false;
    }
    if (name.length() > MAX_KEY_LENGTH || name.indexOf('\0') >= 0) {
      throw InvalidRequest.field(shortened(name), "no such key can be searched");
    }
    return true;
  }

  private static String shortened(String name) {
    return name.length() > 100 ? name.substring(0, 100) + "…" : name;
  }

  private SearchQuery.Filter filter(String name) {
    List<String> values = parameters.getOrDefault(name, List.of());
    if (values.size() > MAX_VALUES) {
      throw InvalidRequest.field(name, "at most " + MAX_VALUES + " values, were " + values.size());
    }
    return new SearchQuery.Filter(name, values.stream().map(v -> value(name, v)).toList());
  }

  private TextPattern value(String name, String value) {
    if (value.isEmpty()) {
      throw InvalidRequest.field(name, "must not be empty");
    }
    Integer largest = fields.numbers().get(name);
    if (largest != null) {
      return new TextPattern(String.valueOf(number(name, value, 0, largest)));
    }
    try {
      TextPattern pattern =
          switch (name) {
            case "state" -> state(value);
            case "key" -> new TextPattern(value.toUpperCase(Locale.ROOT));
            default -> new TextPattern(value);
          };
      check(name, pattern);
      return pattern;
    } catch (IllegalArgumentException e) {
      throw InvalidRequest.field(name, String.valueOf(e.getMessage()));
    }
  }

  private static TextPattern state(String value) {
    for (TaskState state : TaskState.values()) {
      if (state.name().equalsIgnoreCase(value)) {
        return new TextPattern(String.valueOf(state.number()));
      }
    }
    if (value.length() > 3
        || !value.chars().allMatch(c -> c == '*' || c == '?' || (c >= '0' && c <= '9'))) {
      throw new IllegalArgumentException("must be a state's number or name, as 202, 4* or QUEUED");
    }
    return new TextPattern(value);
  }

  private void check(String name, TextPattern pattern) {
    if (name.equals("target.type") && pattern.exact()) {
      List<String> types = Arrays.stream(TargetType.values()).map(TargetType::wire).toList();
      if (!types.contains(pattern.literal())) {
        throw new IllegalArgumentException("must be one of " + String.join(", ", types));
      }
    }
    if (fields.isKeyed(name) && !pattern.exact() && !pattern.prefix()) {
      throw new IllegalArgumentException("takes no wildcard but one * at the end");
    }
  }

  private boolean isTime(String name) {
    return fields.times().keySet().stream()
        .anyMatch(time -> name.equals(time + "_from") || name.equals(time + "_to"));
  }

  private List<SearchQuery.Range> ranges() {
    List<SearchQuery.Range> ranges = new ArrayList<>();
    fields
        .times()
        .forEach(
            (time, field) -> {
              Instant from = time(time + "_from");
              Instant to = time(time + "_to");
              if (from != null || to != null) {
                ranges.add(new SearchQuery.Range(field, from, to));
              }
            });
    return ranges;
  }

  private @Nullable Instant time(String name) {
    String text = single(name);
    if (text == null) {
      return null;
    }
    try {
      OffsetDateTime time = OffsetDateTime.parse(text);
      if (time.getYear() >= 1 && time.getYear() < 9999) {
        return time.toInstant();
      }
    } catch (DateTimeException noTime) {
      throw noTime(name);
    }
    throw noTime(name);
  }

  private static InvalidRequest noTime(String name) {
    return InvalidRequest.field(
        name, "must be a time as 2026-03-01T12:00:00Z (in a query string, + is written %2B)");
  }

  private @Nullable String words() {
    String words = single("q");
    if (words != null && !fields.words()) {
      throw InvalidRequest.field("q", "is not for these; there are " + fields.allowed());
    }
    if (words != null && words.length() > MAX_TEXT_LENGTH) {
      throw InvalidRequest.field("q", "must be at most " + MAX_TEXT_LENGTH + " characters");
    }
    return words == null || words.isBlank() ? null : words;
  }

  private SearchQuery.Sort sort() {
    String text = single("sort");
    if (text == null) {
      return SearchQuery.NEWEST_FIRST;
    }
    boolean descending = text.startsWith("-");
    String field = descending ? text.substring(1) : text;
    if (!fields.sorts().containsKey(field)) {
      throw InvalidRequest.field(
          "sort",
          "must be one of "
              + String.join(", ", new TreeSet<>(fields.sorts().keySet()))
              + ", with - before it for the other way round");
    }
    return new SearchQuery.Sort(field, descending);
  }

  private int size() {
    String text = single("size");
    return text == null ? SearchQuery.DEFAULT_SIZE : number("size", text, 1, SearchQuery.MAX_SIZE);
  }

  private static int number(String name, String text, int least, int most) {
    try {
      int number = Integer.parseInt(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException noNumber) {
      throw InvalidRequest.field(name, "must be a whole number from " + least + " to " + most);
    }
    throw InvalidRequest.field(name, "must be a whole number from " + least + " to " + most);
  }

  private @Nullable Cursor cursor(SearchQuery.Sort sort) {
    String text = single("cursor");
    if (text == null) {
      return null;
    }
    try {
      return Cursor.of(text, sort, Boolean.TRUE.equals(fields.sorts().get(sort.field())));
    } catch (IllegalArgumentException e) {
      throw InvalidRequest.field("cursor", String.valueOf(e.getMessage()));
    }
  }

  private List<String> facets() {
    String text = single("facets");
    if (text == null || text.isEmpty()) {
      return List.of();
    }
    List<String> names = Arrays.stream(text.split(",", -1)).map(String::trim).distinct().toList();
    if (!fields.facets().containsAll(names)) {
      throw InvalidRequest.field(
          "facets",
          "must be some of "
              + String.join(", ", new TreeSet<>(fields.facets()))
              + ", with commas between them");
    }
    return names;
  }

  private boolean fresh() {
    String text = single("fresh");
    if (text == null || text.equals("false")) {
      return false;
    }
    if (text.equals("true")) {
      return true;
    }
    throw InvalidRequest.field("fresh", "must be true or false");
  }

  private @Nullable String single(String name) {
    List<String> values = parameters.getOrDefault(name, List.of());
    if (values.size() > 1) {
      throw InvalidRequest.field(name, "must be there only once");
    }
    return values.isEmpty() ? null : values.get(0);
  }
}
