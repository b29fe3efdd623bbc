package dev.docket.elastic;

import dev.docket.counts.Counts;
import dev.docket.document.Document;
import dev.docket.document.DocumentStore;
import dev.docket.elastic.client.Alias;
import dev.docket.elastic.client.BatchLimits;
import dev.docket.elastic.client.BulkListener;
import dev.docket.elastic.client.BulkWriter;
import dev.docket.elastic.client.ElasticClients;
import dev.docket.elastic.client.ElasticHttp;
import dev.docket.elastic.client.ElasticSettings;
import dev.docket.elastic.client.RetryBackoff;
import dev.docket.elastic.client.WriteStatistics;
import dev.docket.elastic.index.ElasticHealth;
import dev.docket.elastic.index.ElasticIndices;
import dev.docket.elastic.index.IncompatibleIndices;
import dev.docket.elastic.index.IndexSettings;
import dev.docket.elastic.index.Refresher;
import dev.docket.elastic.record.RecordCodec;
import dev.docket.elastic.record.RecordKind;
import dev.docket.elastic.search.ElasticCounts;
import dev.docket.elastic.search.ElasticDocumentSearch;
import dev.docket.elastic.search.ElasticExpiredRecords;
import dev.docket.elastic.search.ElasticResultSearch;
import dev.docket.elastic.search.ElasticTaskSearch;
import dev.docket.elastic.search.FieldSearch;
import dev.docket.elastic.search.RecordSearch;
import dev.docket.elastic.store.BatchReader;
import dev.docket.elastic.store.ElasticDocumentStore;
import dev.docket.elastic.store.ElasticLeaderStore;
import dev.docket.elastic.store.ElasticResultStore;
import dev.docket.elastic.store.ElasticSweeps;
import dev.docket.elastic.store.ElasticTaskStore;
import dev.docket.elastic.store.ElasticWorkerStore;
import dev.docket.elastic.store.RecordStore;
import dev.docket.maintenance.ExpiredRecords;
import dev.docket.maintenance.LeaderStore;
import dev.docket.result.Result;
import dev.docket.result.ResultStore;
import dev.docket.search.DocumentSearch;
import dev.docket.search.ResultSearch;
import dev.docket.search.TaskSearch;
import dev.docket.store.StoreUnavailable;
import dev.docket.task.Task;
import dev.docket.task.TaskStore;
import dev.docket.workerapi.WorkerStore;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Elasticsearch as the rest of the house sees it: the stores, sharing one group commit, and whether
 * they can be worked with. Stages complete on a few threads named {@code elastic-answers}. Making
 * it does no I/O; {@link #install} comes before the first use.
 */
public final class ElasticBackend implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ElasticBackend.class);

  /** What follows from an answer is decided on these threads: half the processors, 2 to 8. */
  private static final int ANSWER_THREADS =
      Math.max(2, Math.min(8, Runtime.getRuntime().availableProcessors() / 2));

  private static final int DEFAULT_BULK_REQUESTS = 2;

  private final ExecutorService executor = Executors.newFixedThreadPool(ANSWER_THREADS, named());
  private final IndexSettings indices;
  private final ElasticClients clients;
  private final ElasticHttp http;
  private final ElasticHealth health;
  private final BulkWriter writer;
  private final DocumentStore documents;
  private final TaskStore tasks;
  private final TaskStore.Sweeps sweeps;
  private final ResultStore results;
  private final WorkerStore workers;
  private final TaskSearch taskSearch;
  private final DocumentSearch documentSearch;
  private final ResultSearch resultSearch;
  private final LeaderStore leader;
  private final Counts counts;
  private final ExpiredRecords oldRecords;

  public ElasticBackend(ElasticSettings settings, IndexSettings indices) {
    this(settings, indices, BatchLimits.forWriting(DEFAULT_BULK_REQUESTS), BulkListener.NONE);
  }

  /** With limits for bulk requests, and somebody who hears of each. */
  public ElasticBackend(
      ElasticSettings settings, IndexSettings indices, BatchLimits writing, BulkListener listener) {
    this.indices = indices;
    this.clients = ElasticClients.open(settings);
    this.http = new ElasticHttp(clients.rest());
    this.health = new ElasticHealth(clients.rest(), indices);
    this.writer = new BulkWriter(http, writing, RetryBackoff.WHEN_BUSY, executor, listener);
    RecordSearch<Document> documentSearches = searches(RecordKind.DOCUMENTS, RecordCodec.DOCUMENT);
    this.documents =
        new ElasticDocumentStore(
            records(RecordKind.DOCUMENTS, RecordCodec.DOCUMENT), documentSearches);
    this.documentSearch =
        new ElasticDocumentSearch(
            new FieldSearch<>(documentSearches, refresher(RecordKind.DOCUMENTS), "words"));
    RecordStore<Task> taskRecords = records(RecordKind.TASKS, RecordCodec.TASK);
    this.tasks = new ElasticTaskStore(taskRecords);
    RecordSearch<Task> taskSearches = searches(RecordKind.TASKS, RecordCodec.TASK);
    Refresher taskRefresher = refresher(RecordKind.TASKS);
    this.sweeps = new ElasticSweeps(taskRecords, taskSearches, taskRefresher);
    this.oldRecords = new ElasticExpiredRecords(taskSearches, documentSearches, taskRefresher);
    this.taskSearch =
        new ElasticTaskSearch(new FieldSearch<>(taskSearches, taskRefresher, "message"));
    this.results = new ElasticResultStore(records(RecordKind.RESULTS, RecordCodec.RESULT));
    this.workers =
        new ElasticWorkerStore(
            records(RecordKind.WORKERS, RecordCodec.WORKER),
            searches(RecordKind.WORKERS, RecordCodec.WORKER));
    RecordSearch<Result> resultSearches = searches(RecordKind.RESULTS, RecordCodec.RESULT);
    this.resultSearch =
        new ElasticResultSearch(
            new FieldSearch<>(resultSearches, refresher(RecordKind.RESULTS), null));
    this.counts = new ElasticCounts(taskSearches, documentSearches, resultSearches);
    this.leader = new ElasticLeaderStore(records(RecordKind.RECONCILER, RecordCodec.LEADER));
  }

  private <T> RecordStore<T> records(RecordKind kind, RecordCodec<T> form) {
    Alias alias = indices.alias(kind);
    return new RecordStore<>(
        alias,
        form,
        writer,
        new BatchReader<>(http, alias, form, BatchLimits.forReading(), executor));
  }

  private <T> RecordSearch<T> searches(RecordKind kind, RecordCodec<T> form) {
    return new RecordSearch<>(clients.typed(), indices.alias(kind), form);
  }

  private Refresher refresher(RecordKind kind) {
    return new Refresher(http, indices.alias(kind), executor);
  }

  private static ThreadFactory named() {
    AtomicInteger count = new AtomicInteger();
    return work -> {
      Thread thread = new Thread(work, "elastic-answers-" + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  /**
   * Waits for Elasticsearch, makes the templates and indices that are missing, and looks whether
   * those that are there fit.
   *
   * @throws IncompatibleIndices if they do not fit
   * @throws StoreUnavailable if Elasticsearch is not ready in time
   */
  public void install(Duration timeout) {
    long end = System.nanoTime() + timeout.toNanos();
    while (!installed(end)) {
      LOG.warn("Elasticsearch went away while it was looked at; beginning anew");
    }
  }

  /** False if it went away meanwhile, and there is time to wait for it again. */
  private boolean installed(long end) {
    health.awaitAnswer(left(end));
    try {
      new ElasticIndices(clients.rest(), indices).install();
    } catch (StoreUnavailable gone) {
      if (left(end).isZero()) {
        throw gone;
      }
      health.pause();
      return false;
    }
    health.awaitHealthy(left(end));
    return true;
  }

  private static Duration left(long end) {
    return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
  }

  /** What is wrong now, for people; empty if nothing is. Asks Elasticsearch. */
  public Optional<String> healthError() {
    ElasticHealth.Health now = health.check();
    return now.healthy() ? Optional.empty() : Optional.of(now.message());
  }

  public DocumentStore documents() {
    return documents;
  }

  public TaskStore tasks() {
    return tasks;
  }

  public TaskStore.Sweeps sweeps() {
    return sweeps;
  }

  public ResultStore results() {
    return results;
  }

  public WorkerStore workers() {
    return workers;
  }

  public TaskSearch taskSearch() {
    return taskSearch;
  }

  public DocumentSearch documentSearch() {
    return documentSearch;
  }

  /** Of all results that are stored, also those that do not count. */
  public ResultSearch resultSearch() {
    return resultSearch;
  }

  /** How many there are of what. */
  public Counts counts() {
    return counts;
  }

  /** What may be too old to be kept. */
  public ExpiredRecords oldRecords() {
    return oldRecords;
  }

  /** Where the servers agree who reconciles. */
  public LeaderStore leader() {
    return leader;
  }

  /** What was written since the start. */
  public WriteStatistics writes() {
    return writer.figures();
  }

  /** Waits until what was given is written. */
  @Override
  public void close() {
    writer.close();
    clients.close();
    executor.shutdown();
  }
}
