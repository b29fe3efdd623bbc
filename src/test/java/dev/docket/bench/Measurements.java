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

/** Collects the measurements, prints them as a table and writes them as JSON. */
final class Measurements {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final PrintStream out;
  private final Map<String, Object> machine;
  private final List<Measurement> measurements = new ArrayList<>();
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
    Measurement measurement = new Measurement(part, name, unit, values, goal, uses, limit, note);
    measurements.add(measurement);
    out.printf(
        Locale.ROOT,
        "  %s %s: %s %s %s%n",
        part,
        name,
        Measurement.number(measurement.median()),
        unit,
        note);
  }

  void add(String part, String name, String unit, List<Double> values, String goal) {
    add(part, name, unit, values, goal, 0, "", "");
  }

  /** Adds the maximum rate of a backend, which is measured before and after the other parts. */
  void addLimit(String name, double perSecond) {
    limits.computeIfAbsent(name, n -> new ArrayList<>()).add(perSecond);
    out.printf(Locale.ROOT, "  limit: %,.0f %s/s%n", perSecond, name);
  }

  void printTable() {
    out.printf(
        "%n| part | what | unit | median | min | max | goal | part of limit | note |%n"
            + "| --- | --- | --- | ---: | ---: | ---: | ---: | ---: | --- |%n");
    for (Measurement measurement : measurements) {
      out.printf(
          "| %s | %s | %s | %s | %s | %s | %s | %s | %s |%n",
          measurement.part(),
          measurement.name(),
          measurement.unit(),
          Measurement.number(measurement.median()),
          Measurement.number(measurement.min()),
          Measurement.number(measurement.max()),
          measurement.goal(),
          share(measurement),
          measurement.note());
    }
  }

  void printLimits() {
    out.printf("%n| limit | per second, before | after |%n| --- | ---: | ---: |%n");
    limits.forEach(
        (name, rates) ->
            out.printf(
                Locale.ROOT,
                "| %s | %,.0f | %s |%n",
                name,
                rates.get(0),
                rates.size() > 1 ? String.format(Locale.ROOT, "%,.0f", rates.get(1)) : ""));
  }

  private String share(Measurement measurement) {
    List<Double> limit = limits.getOrDefault(measurement.limit(), List.of());
    if (limit.isEmpty()) {
      return "";
    }
    double perSecond = limit.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    return String.format(
        Locale.ROOT, "%.0f %%", 100 * measurement.median() * measurement.uses() / perSecond);
  }

  void write(Path file) throws IOException {
    Map<String, Object> content = new LinkedHashMap<>(machine);
    content.put("limits_per_second", limits);
    content.put("figures", measurements);
    JSON.writeValue(file.toFile(), content);
    out.println("Written to " + file.toAbsolutePath());
  }
}
