package dev.docket.bench;

import java.util.List;
import java.util.Locale;

/**
 * Something that was measured several times.
 *
 * @param goal the goal as text; empty if there is none
 * @param uses how many operations of the backend each unit needs; 0 if unknown
 * @param limit the name of the backend limit for these operations
 * @param note additional information
 */
record Measurement(
    String part,
    String name,
    String unit,
    List<Double> values,
    String goal,
    double uses,
    String limit,
    String note) {

  Measurement {
    values = values.stream().sorted().toList();
  }

  double median() {
    int middle = values.size() / 2;
    return values.size() % 2 == 1
        ? values.get(middle)
        : (values.get(middle - 1) + values.get(middle)) / 2;
  }

  double min() {
    return values.get(0);
  }

  double max() {
    return values.get(values.size() - 1);
  }

  static String number(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.2f" : value < 1000 ? "%.1f" : "%,.0f", value);
  }
}
