package dev.docket.worker;

import java.time.Duration;

/**
 * The times that the client works by.
 *
 * @param firstRetry the first wait after something failed
 * @param lastRetry the longest wait after something failed
 * @param slowRetry the wait when only a person can mend it: a wrong token, a wrong address
 * @param callLimit how long a report may take
 * @param pollWait how long the server may hold a poll
 * @param firstWord how long a run is silent at first; one that ends sooner says nothing but its end
 * @param progressGap the least time between two words of progress of one run
 * @param hello how often the worker says who it is
 * @param hold how long a message is held for a place to become free
 * @param settle how long to wait for the first message of each queue before choosing among them
 * @param waitLimit how long a claimed task waits for a thread before it is given back
 * @param renewal how often queues and bindings are declared again
 * @param claimLimit how long a claim may stay undecided before its message is handed back
 * @param interruptLimit how long a handler has to end after it was interrupted
 * @param flushLimit how long a stop waits for the last reports to be taken
 */
record WorkerTimeouts(
    Duration firstRetry,
    Duration lastRetry,
    Duration slowRetry,
    Duration callLimit,
    Duration pollWait,
    Duration firstWord,
    Duration progressGap,
    Duration hello,
    Duration hold,
    Duration settle,
    Duration waitLimit,
    Duration renewal,
    Duration claimLimit,
    Duration interruptLimit,
    Duration flushLimit) {

  static WorkerTimeouts standard() {
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
