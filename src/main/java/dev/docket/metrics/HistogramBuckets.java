package dev.docket.metrics;

/** The upper bounds of what histograms tell apart, besides their native buckets. */
final class HistogramBuckets {

  private HistogramBuckets() {}

  /** Seconds, from a file's checksum to a week in the queue. */
  static double[] work() {
    return new double[] {
      0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3600, 14_400, 86_400, 604_800
    };
  }

  /** Seconds, of a request within the house. */
  static double[] requests() {
    return new double[] {
      0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30
    };
  }

  /** How many share a request. */
  static double[] items() {
    return new double[] {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000};
  }
}
