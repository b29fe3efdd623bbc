package dev.docket.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Collects what was measured, and shows it as a table and as JSON. */
final class Measurements {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final PrintStream out;
  private final Map<String, Object> machine;
  private final List<Measurement> figures = new ArrayList<>();
  private final Map<String, List<Double>> limits = new LinkedHashMap<>();

  Measurements(PrintStream out, Map<String, Object> machine) {
    this.out = out;
    this.machine = machine;
  }

  void add(
      String part,
      String name,
      String unit,
      List<Double> values,
      String goal,
      double uses,
      String limit,
      String note) {
    Measurement figure = new Measurement(part, name, unit, values, goal, uses, limit, note);
    figures.add(figure);
    out.printf(
        Locale.ROOT,
        "  %s %s: %s %s %s%n",
        part,
        name,
        Measurement.number(figure.median()),
        unit,
        note);
  }

  void add(String part, String name, String unit, List<Double> values, String goal) {
    add(part, name, unit, values, goal, 0, "", "");
  }

  /** How often a second something can be done at all; measured before and after the rest. */
  void limit(String name, double perSecond) {
    limits.computeIfAbsent(name, n -> new ArrayList<>()).add(perSecond);
    out.printf(Locale.ROOT, "  limit: %,.0f %s/s%n", perSecond, name);
  }

  void table() {
    out.printf(
        "%n| part | what | unit | median | min | max | goal | part of limit | |%n"
            + "| --- | --- | --- | ---: | ---: | ---: | ---: | ---: | --- |%n");
    for (Measurement figure : figures) {
      out.printf(
          "| %s | %s | %s | %s | %s | %s | %s | %s | %s |%n",
          figure.part(),
          figure.name(),
          figure.unit(),
          Measurement.number(figure.median()),
          Measurement.number(figure.least()),
          Measurement.number(figure.most()),
          figure.goal(),
          share(figure),
          figure.note());
    }
  }

  void limits() {
    out.printf("%n| limit | a second, before | after |%n| --- | ---: | ---: |%n");
    limits.forEach(
        (name, rates) ->
            out.printf(
                Locale.ROOT,
                "| %s | %,.0f | %s |%n",
                name,
                rates.get(0),
                rates.size() > 1 ? String.format(Locale.ROOT, "%,.0f", rates.get(1)) : ""));
  }

  private String share(Measurement figure) {
    List<Double> limit = limits.getOrDefault(figure.limit(), List.of());
    if (limit.isEmpty()) {
      return "";
    }
    double perSecond = limit.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    return String.format(Locale.ROOT, "%.0f %%", 100 * figure.median() * figure.uses() / perSecond);
  }

  void write(Path file) throws IOException {
    Map<String, Object> all = new LinkedHashMap<>(machine);
    all.put("limits_per_second", limits);
    all.put("figures", figures);
    JSON.writeValue(file.toFile(), all);
    out.println("Written to " + file.toAbsolutePath());
  }
}
