package dev.docket.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the metric names in {@code docs/}. */
public final class MetricsDocs {

  private static final Path DOCS = Path.of(System.getProperty("docket.root", ".."), "docs");
  private static final Pattern NAME = Pattern.compile("\\b(?:docket|jvm|process)_[a-z0-9_]+");

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

  /** Returns the sample names in the queries of the dashboard and the alerts. */
  public static Set<String> queriedNames() {
    List<String> queries = new ArrayList<>(dashboard().findValuesAsText("expr"));
    queries.addAll(dashboard().findValuesAsText("definition"));
    queries.addAll(alerts().findValuesAsText("expr"));
    return names(queries);
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
