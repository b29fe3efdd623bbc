package dev.docket.search;

import dev.docket.auth.OwnerFilter;
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads a search from the query parameters of a request. Rejects unknown parameters by name. */
final class SearchParameters {

  static final Set<String> COMMON_PARAMETERS =
      Set.of("q", "sort", "size", "cursor", "facets", "fresh");

  /** Which of a task's successful runs the results belong to: the latest one, others, or any. */
  static final String LATEST = "latest";

  static final String ALL = "all";

  /** Whether responses contain payloads of any size. */
  static final String PAYLOAD = "payload";

  static final String FULL = "full";

  private static final List<String> PAGE_PARAMETERS = List.of("cursor", "facets", "size");
  private static final int MAX_VALUES = 100;
  private static final int MAX_TEXT_LENGTH = 1_000;
  private static final int MAX_KEY_LENGTH = 1_000;

  /** The values of fields that have few. */
  private static final Map<String, List<String>> KNOWN_VALUES =
      Map.of(
          "state",
          Arrays.stream(TaskState.values()).map(state -> String.valueOf(state.number())).toList(),
          "target.type",
          Arrays.stream(TargetType.values()).map(TargetType::wire).toList());

  private final SearchFields fields;
  private final Map<String, List<String>> parameters;

  private SearchParameters(SearchFields fields, Map<String, List<String>> parameters) {
    this.fields = fields;
    this.parameters = parameters;
  }

  /**
   * Reads a search for a page.
   *
   * @throws InvalidRequest if a parameter is invalid; names it and the allowed values
   */
  static SearchQuery read(SearchFields fields, Map<String, List<String>> parameters) {
    return new SearchParameters(fields, parameters).query();
  }

  /**
   * Reads a search for an export of all hits.
   *
   * @throws InvalidRequest if a parameter is invalid; names it and the allowed values
   */
  static SearchQuery readExport(SearchFields fields, Map<String, List<String>> parameters) {
    for (String name : PAGE_PARAMETERS) {
      if (parameters.containsKey(name)) {
        throw InvalidRequest.field(
            name, "must be omitted: an export returns all hits; pages are JSON only");
      }
    }
    return read(fields, parameters);
  }

  /** Returns whether the response contains payloads of any size. The parameters must be valid. */
  static boolean wholePayloads(Map<String, List<String>> parameters) {
    return parameters.containsKey(PAYLOAD);
  }

  private SearchQuery query() {
    List<SearchQuery.Filter> filters = new ArrayList<>();
    // Sorted by name, so that the same one of several errors is always reported.
    for (String name : new TreeSet<>(parameters.keySet())) {
      if (fields.texts().contains(name)
          || fields.numbers().containsKey(name)
          || isObjectKey(name)) {
        filters.add(filter(name));
      } else if (fields.choices().containsKey(name)) {
        checkChoice(name);
      } else if (!COMMON_PARAMETERS.contains(name) && !isTime(name)) {
        throw InvalidRequest.field(
            truncated(name), "unknown parameter; allowed are " + fields.parameterNames());
      }
    }
    if (fields.choices().containsKey(LATEST)) {
      addLatest(filters);
    }
    SearchQuery.Sort sort = sort();
    return new SearchQuery(
        filters,
        ranges(),
        words(),
        sort,
        size(),
        cursor(sort),
        facets(),
        fresh(),
        0,
        false,
        OwnerFilter.ALL);
  }

  private void checkChoice(String name) {
    List<String> allowed = fields.choices().getOrDefault(name, List.of());
    String value = single(name);
    if (value != null && !allowed.contains(value)) {
      throw InvalidRequest.field(
          name,
          allowed.size() == 1
              ? "must be " + allowed.get(0) + " or omitted"
              : "must be one of " + String.join(", ", allowed));
    }
  }

  private void addLatest(List<SearchQuery.Filter> filters) {
    String latest = single(LATEST);
    if (!ALL.equals(latest)) {
      TextPattern value = TextPattern.literal(latest == null ? "true" : latest);
      filters.add(new SearchQuery.Filter(LATEST, List.of(value)));
    }
  }

  private boolean isObjectKey(String name) {
    if (!fields.isObjectKey(name)) {
      return false;
    }
    if (name.length() > MAX_KEY_LENGTH || name.indexOf('\0') >= 0) {
      throw InvalidRequest.field(
          truncated(name), "must be at most " + MAX_KEY_LENGTH + " characters without NUL");
    }
    return true;
  }

  private static String truncated(String name) {
    return name.length() > 100 ? name.substring(0, 100) + "…" : name;
  }

  private SearchQuery.Filter filter(String name) {
    List<String> values = parameters.getOrDefault(name, List.of());
    if (values.size() > MAX_VALUES) {
      throw InvalidRequest.field(
          name, "must have at most " + MAX_VALUES + " values (has " + values.size() + ")");
    }
    return new SearchQuery.Filter(
        name,
        values.stream()
            .map(value -> value(name, value))
            .flatMap(pattern -> withoutPattern(name, pattern))
            .distinct()
            .toList());
  }

  /**
   * Replaces a pattern by the values that match it, for fields with few possible values: some
   * installations of Elasticsearch allow no patterns (search.allow_expensive_queries).
   */
  private static Stream<TextPattern> withoutPattern(String name, TextPattern pattern) {
    List<String> values = KNOWN_VALUES.get(name);
    if (values == null || pattern.exact()) {
      return Stream.of(pattern);
    }
    List<TextPattern> matching =
        values.stream().filter(pattern::matches).map(TextPattern::literal).toList();
    // If none matches, no record has this text as its value either.
    return matching.isEmpty()
        ? Stream.of(TextPattern.literal(pattern.pattern()))
        : matching.stream();
  }

  private TextPattern value(String name, String value) {
    if (value.isEmpty()) {
      throw InvalidRequest.field(name, "must not be empty");
    }
    Integer max = fields.numbers().get(name);
    if (max != null) {
      return new TextPattern(String.valueOf(number(name, value, 0, max)));
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
      throw new IllegalArgumentException(
          "must be the number or name of a state, such as 202, 4* or QUEUED");
    }
    return new TextPattern(value);
  }

  private void check(String name, TextPattern pattern) {
    if (name.equals("target.type") && pattern.exact()) {
      List<String> types = KNOWN_VALUES.getOrDefault(name, List.of());
      if (!types.contains(pattern.literal())) {
        throw new IllegalArgumentException("must be one of " + String.join(", ", types));
      }
    }
    if (fields.isObjectKey(name) && !pattern.exact() && !pattern.prefix()) {
      throw new IllegalArgumentException("must have no wildcard except one * at the end");
    }
  }

  private boolean isTime(String name) {
    return fields.times().stream()
        .anyMatch(time -> name.equals(time + "_from") || name.equals(time + "_to"));
  }

  private List<SearchQuery.Range> ranges() {
    List<SearchQuery.Range> ranges = new ArrayList<>();
    for (String prefix : new TreeSet<>(fields.times())) {
      Instant from = time(prefix + "_from");
      Instant to = time(prefix + "_to");
      if (from != null || to != null) {
        ranges.add(new SearchQuery.Range(prefix + "_at", from, to));
      }
    }
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
    } catch (DateTimeException e) {
      // reported below
    }
    throw InvalidRequest.field(
        name, "must be a time such as 2026-03-01T12:00:00Z (write + as %2B in a query string)");
  }

  private @Nullable String words() {
    String words = single("q");
    if (words != null && !fields.words()) {
      throw InvalidRequest.field(
          "q",
          "must be omitted: these records have no full-text search; allowed are "
              + fields.parameterNames());
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
              + ", with - before it for descending order");
    }
    return new SearchQuery.Sort(field, descending);
  }

  private int size() {
    String text = single("size");
    return text == null ? SearchQuery.DEFAULT_SIZE : number("size", text, 1, SearchQuery.MAX_SIZE);
  }

  private static int number(String name, String text, int min, int max) {
    try {
      int number = Integer.parseInt(text);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      // reported below
    }
    throw InvalidRequest.field(name, "must be an integer between " + min + " and " + max);
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
          "must be a comma-separated list of any of "
              + String.join(", ", new TreeSet<>(fields.facets())));
    }
    return names;
  }

  private boolean fresh() {
    String text = single("fresh");
    if (text != null && !text.equals("true") && !text.equals("false")) {
      throw InvalidRequest.field("fresh", "must be true or false");
    }
    return "true".equals(text);
  }

  private @Nullable String single(String name) {
    List<String> values = parameters.getOrDefault(name, List.of());
    if (values.size() > 1) {
      throw InvalidRequest.field(name, "must not be repeated");
    }
    return values.isEmpty() ? null : values.get(0);
  }
}
