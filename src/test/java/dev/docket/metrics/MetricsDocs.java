package dev.docket.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.docket.task.TaskState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads the metric names in {@code docs/}. */
public final class MetricsDocs {

  private static final Path DOCS = Path.of(System.getProperty("docket.root", ".."), "docs");
  private static final Pattern NAME = Pattern.compile("\\b(?:docket|jvm|process)_[a-z0-9_]+");

  private static final Set<String> ADDED_BY_PROMETHEUS = Set.of("job", "instance");

  /** How the names of recorded series start. */
  private static final String RECORDED = "docket:";

  private static final Pattern SELECTOR = Pattern.compile("(" + NAME + ")(?:\\{([^}]*)})?");
  private static final Pattern LABEL_MATCHER = Pattern.compile("(\\w+)(?:=~|!=|!~|=)\"([^\"]*)\"");
  private static final Pattern GROUPING = Pattern.compile("\\b(?:by|on) \\(([^)]*)\\)");

  private MetricsDocs() {}

  static JsonNode dashboard() {
    return read(JsonMapper.builder().build(), "grafana-dashboard.json");
  }

  static JsonNode alerts() {
    return read(new ObjectMapper(new YAMLFactory()), "alerts.yml");
  }

  /** Returns the metric names in metrics.md. */
  static Set<String> documentedNames() {
    try {
      return names(List.of(Files.readString(DOCS.resolve("metrics.md"))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the queries of the dashboard and the alerts. */
  static List<String> queries() {
    List<String> queries = new ArrayList<>(dashboard().findValuesAsText("expr"));
    queries.addAll(dashboard().findValuesAsText("definition"));
    queries.addAll(alerts().findValuesAsText("expr"));
    return queries;
  }

  /** Returns the sample names in the queries of the dashboard and the alerts. */
  public static Set<String> queriedNames() {
    return names(queries());
  }

  /**
   * Returns the labels in the queries of the dashboard and the alerts that the metrics do not have,
   * and values of labels that they never have. Keys are not compared, and states with all states.
   */
  public static List<String> labelsNotIn(PrometheusScrape scrape) {
    Map<String, Map<String, Set<String>>> exposed = scrape.labels();
    List<String> missing = new ArrayList<>();
    for (String query : queries()) {
      Set<String> known = new TreeSet<>(ADDED_BY_PROMETHEUS);
      Matcher selector = SELECTOR.matcher(query);
      while (selector.find()) {
        Map<String, Set<String>> labels = exposed.getOrDefault(selector.group(1), Map.of());
        known.addAll(labels.keySet());
        Matcher matcher = LABEL_MATCHER.matcher(Objects.requireNonNullElse(selector.group(2), ""));
        while (matcher.find()) {
          if (!isExposed(labels, matcher.group(1), matcher.group(2))) {
            missing.add(selector.group(1) + "{" + matcher.group() + "}");
          }
        }
      }
      Matcher grouping = GROUPING.matcher(query);
      while (grouping.find() && !query.contains(RECORDED)) {
        for (String label : grouping.group(1).split(",", -1)) {
          if (!label.isBlank() && !known.contains(label.strip())) {
            missing.add(label + " in " + query);
          }
        }
      }
    }
    return missing;
  }

  private static boolean isExposed(Map<String, Set<String>> labels, String label, String pattern) {
    if (ADDED_BY_PROMETHEUS.contains(label)) {
      return true;
    }
    Set<String> values = labels.get(label);
    if (values == null || label.equals("key")) {
      return values != null;
    }
    Set<String> possible = new TreeSet<>(values);
    if (label.equals("state")) {
      Stream.of(TaskState.values()).forEach(state -> possible.add(state.number() + ""));
    }
    return possible.containsAll(List.of(pattern.split("\\|", -1)));
  }

  private static Set<String> names(List<String> texts) {
    Set<String> names = new TreeSet<>();
    for (String text : texts) {
      Matcher name = NAME.matcher(text);
      while (name.find()) {
        names.add(name.group());
      }
    }
    return names;
  }

  private static JsonNode read(ObjectMapper mapper, String name) {
    try {
      return mapper.readTree(DOCS.resolve(name).toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
