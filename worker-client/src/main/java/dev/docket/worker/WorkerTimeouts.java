package dev.docket.worker;

import java.time.Duration;

/**
 * The timeouts and intervals of the client.
 *
 * @param initialBackoff the first delay after a failure
 * @param maxBackoff the longest delay after repeated failures
 * @param configurationErrorDelay the delay after an error that only a person can fix: a wrong token
 *     or a wrong address
 * @param callTimeout the timeout of one report call; an upload has more, according to its size
 * @param pollWait the maximum time for which the server holds a poll open
 * @param firstReportDelay the delay of a run's first report; a run that ends sooner reports only
 *     its end
 * @param progressInterval the minimum interval between two progress reports of one run
 * @param helloInterval the interval between two hello reports
 * @param holdTimeout the maximum time for which an unclaimed message waits for a free slot
 * @param selectionDelay the maximum wait for the first message of each queue before the worker
 *     chooses among them
 * @param threadWaitTimeout the maximum time for which a claimed task waits for a thread before the
 *     worker gives it back
 * @param redeclareInterval the interval between two declarations of queues and bindings
 * @param claimTimeout the maximum time for which a claim may stay undecided before its message
 *     returns to the queue
 * @param interruptTimeout the time that an interrupted handler, or an upload of results, has to end
 *     after the stop limit
 * @param flushTimeout the maximum time for which a stop waits for the last reports
 */
record WorkerTimeouts(
    Duration initialBackoff,
    Duration maxBackoff,
    Duration configurationErrorDelay,
    Duration callTimeout,
    Duration pollWait,
    Duration firstReportDelay,
    Duration progressInterval,
    Duration helloInterval,
    Duration holdTimeout,
    Duration selectionDelay,
    Duration threadWaitTimeout,
    Duration redeclareInterval,
    Duration claimTimeout,
    Duration interruptTimeout,
    Duration flushTimeout) {

  static WorkerTimeouts defaults() {
    return new WorkerTimeouts(
        Duration.ofMillis(100),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofSeconds(20),
        Duration.ofSeconds(20),
        Duration.ofMillis(250),
        Duration.ofSeconds(1),
        Duration.ofSeconds(15),
        Duration.ofSeconds(1),
        Duration.ofMillis(20),
        Duration.ofSeconds(2),
        Duration.ofSeconds(30),
        Duration.ofSeconds(60),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10));
  }
}
