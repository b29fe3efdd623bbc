package dev.docket.bench;

import java.util.List;
import java.util.Locale;

/**
 * Something that was measured several times.
 *
 * @param goal what it must reach, as people write it; empty: there is none
 * @param uses how often each one does that which is limited; 0: that is not said
 * @param limit the name of what is limited
 * @param note what else must be known
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
    int half = values.size() / 2;
    return values.size() % 2 == 1
        ? values.get(half)
        : (values.get(half - 1) + values.get(half)) / 2;
  }

  double least() {
    return values.get(0);
  }

  double most() {
    return values.get(values.size() - 1);
  }

  static String number(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.2f" : value < 1000 ? "%.1f" : "%,.0f", value);
  }
}
