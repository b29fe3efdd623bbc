package dev.docket.metrics;

/** Upper bounds of the classic buckets of histograms, in addition to their native buckets. */
final class HistogramBuckets {

  private HistogramBuckets() {}

  /** For tasks, in seconds: from 10 ms to a week. */
  static double[] work() {
    return new double[] {
      0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3600, 14_400, 86_400, 604_800
    };
  }

  /** For requests to Elasticsearch, in seconds: from 1 ms to 30 s. */
  static double[] requests() {
    return new double[] {
      0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30
    };
  }

  /** For the number of items in a request. */
  static double[] items() {
    return new double[] {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000};
  }
}
