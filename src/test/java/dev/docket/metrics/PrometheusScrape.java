package dev.docket.metrics;

import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Samples of a scrape, by name with labels. */
public final class PrometheusScrape {

  private static final Pattern SAMPLE = Pattern.compile("(?m)^([a-z_]+)(\\{.*\\})? (\\S+)$");

  private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"([^\"]*)\"");

  private final TreeMap<String, Double> samples = new TreeMap<>();

  /** Parses the Prometheus text format. */
  public PrometheusScrape(String text) {
    Matcher sample = SAMPLE.matcher(text);
    while (sample.find()) {
      String labels = sample.group(2) == null ? "" : sample.group(2);
      double value =
          sample.group(3).endsWith("Inf") ? Double.NaN : Double.parseDouble(sample.group(3));
      samples.put(sample.group(1) + labels, value);
    }
  }

  static PrometheusScrape of(Metrics metrics) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try {
      PrometheusTextFormatWriter.create()
          .write(text, metrics.registry().scrape(), EscapingScheme.DEFAULT);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new PrometheusScrape(text.toString(StandardCharsets.UTF_8));
  }

  /** Returns null if there is no such sample. */
  public Double value(String sample) {
    return samples.get(sample);
  }

  /** Returns the samples with this name, by their labels. */
  public Map<String, Double> all(String name) {
    TreeMap<String, Double> all = new TreeMap<>();
    samples.forEach(
        (sample, value) -> {
          if (sample.startsWith(name + "{")) {
            all.put(sample.substring(name.length()), value);
          } else if (sample.equals(name)) {
            all.put("", value);
          }
        });
    return all;
  }

  /** Returns the names of all samples, including the suffixes of histograms. */
  public Set<String> names() {
    return samples.keySet().stream()
        .map(sample -> sample.replaceFirst("\\{.*", ""))
        .collect(Collectors.toSet());
  }

  /** Returns the values of the labels of each sample name, as far as they are exposed. */
  public Map<String, Map<String, Set<String>>> labels() {
    Map<String, Map<String, Set<String>>> labels = new TreeMap<>();
    for (String sample : samples.keySet()) {
      Map<String, Set<String>> ofName =
          labels.computeIfAbsent(sample.replaceFirst("\\{.*", ""), name -> new TreeMap<>());
      Matcher label = LABEL.matcher(sample);
      while (label.find()) {
        ofName.computeIfAbsent(label.group(1), name -> new TreeSet<>()).add(label.group(2));
      }
    }
    return labels;
  }

  /** Returns the names of all samples with their labels. */
  public Set<String> samples() {
    return samples.keySet();
  }
}
