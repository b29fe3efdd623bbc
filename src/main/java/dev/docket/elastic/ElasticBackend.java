package dev.docket.elastic;

import dev.docket.counts.Counts;
import dev.docket.counts.DepartureStore;
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
import dev.docket.elastic.record.SearchedResult;
import dev.docket.elastic.search.ElasticCounts;
import dev.docket.elastic.search.ElasticDocumentSearch;
import dev.docket.elastic.search.ElasticExpiredRecords;
import dev.docket.elastic.search.ElasticLeaseCounts;
import dev.docket.elastic.search.ElasticRecordQueries;
import dev.docket.elastic.search.ElasticResultSearch;
import dev.docket.elastic.search.ElasticResultsByAge;
import dev.docket.elastic.search.ElasticTaskKeys;
import dev.docket.elastic.search.ElasticTaskSearch;
import dev.docket.elastic.search.FieldSearch;
import dev.docket.elastic.search.RecordSearch;
import dev.docket.elastic.store.BatchReader;
import dev.docket.elastic.store.ElasticDepartureStore;
import dev.docket.elastic.store.ElasticDocumentStore;
import dev.docket.elastic.store.ElasticFormerResults;
import dev.docket.elastic.store.ElasticInstanceRuns;
import dev.docket.elastic.store.ElasticLeaderStore;
import dev.docket.elastic.store.ElasticPayloadStore;
import dev.docket.elastic.store.ElasticResultStore;
import dev.docket.elastic.store.ElasticSweeps;
import dev.docket.elastic.store.ElasticTaskStore;
import dev.docket.elastic.store.ElasticWorkerStore;
import dev.docket.elastic.store.RecordStore;
import dev.docket.maintenance.ExpiredRecords;
import dev.docket.maintenance.FormerResultRecords;
import dev.docket.maintenance.LeaderStore;
import dev.docket.maintenance.ResultsByAge;
import dev.docket.result.PayloadStore;
import dev.docket.result.Result;
import dev.docket.result.ResultStore;
import dev.docket.search.DocumentSearch;
import dev.docket.search.ResultSearch;
import dev.docket.search.TaskSearch;
import dev.docket.search.record.RecordQueries;
import dev.docket.search.record.SearchedKind;
import dev.docket.store.StoreUnavailable;
import dev.docket.task.Task;
import dev.docket.task.TaskKeySearch;
import dev.docket.task.TaskStore;
import dev.docket.workerapi.InstanceRuns;
import dev.docket.workers.LeaseCounts;
import dev.docket.workers.WorkerStore;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Elasticsearch implementation of all storage ports, with one group commit and one health check
 * for all of them. Stages complete on a few threads named {@code elastic-responses}. The
 * constructor does no I/O; call {@link #install} before the first use.
 */
public final class ElasticBackend implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ElasticBackend.class);

  /** The number of threads that process responses: half the processors, 2 to 8. */
  private static final int RESPONSE_THREADS =
      Math.max(2, Math.min(8, Runtime.getRuntime().availableProcessors() / 2));

  private static final int DEFAULT_BULK_REQUESTS = 2;

  private final ExecutorService executor =
      Executors.newFixedThreadPool(RESPONSE_THREADS, threads());
  private final IndexSettings indices;
  private final ElasticClients clients;
  private final ElasticHttp http;
  private final ElasticHealth health;
  private final BulkWriter writer;
  private final DocumentStore documents;
  private final TaskStore tasks;
  private final TaskStore.Sweeps sweeps;
  private final InstanceRuns instanceRuns;
  private final ResultStore results;
  private final PayloadStore payloads;
  private final WorkerStore workers;
  private final TaskSearch taskSearch;
  private final TaskKeySearch taskKeys;
  private final DocumentSearch documentSearch;
  private final ResultSearch resultSearch;
  private final RecordQueries recordQueries;
  private final LeaderStore leader;
  private final Counts counts;
  private final LeaseCounts leaseCounts;
  private final DepartureStore departures;
  private final ExpiredRecords expiredRecords;
  private final ResultsByAge earlierResults;
  private final ResultsByAge resultsByAge;
  private final FormerResultRecords formerResults;

  public ElasticBackend(ElasticSettings settings, IndexSettings indices) {
    this(settings, indices, BatchLimits.forWriting(DEFAULT_BULK_REQUESTS), BulkListener.NONE);
  }

  /** Creates the stores with limits for bulk requests and a listener. */
  public ElasticBackend(
      ElasticSettings settings, IndexSettings indices, BatchLimits limits, BulkListener listener) {
    this.indices = indices;
    this.clients = ElasticClients.open(settings);
    this.http = clients.http();
    this.health = new ElasticHealth(clients.rest(), indices);
    this.writer = new BulkWriter(http, limits, RetryBackoff.WHEN_BUSY, executor, listener);
    RecordSearch<Document> documentSearches = searches(RecordKind.DOCUMENTS, RecordCodec.DOCUMENT);
    this.documents =
        new ElasticDocumentStore(
            records(RecordKind.DOCUMENTS, RecordCodec.DOCUMENT),
            documentSearches,
            new BatchReader<>(
                http,
                indices.alias(RecordKind.DOCUMENTS),
                RecordCodec.DOCUMENT,
                BatchLimits.forReading(),
                executor,
                ElasticDocumentStore.METADATA_FIELDS));
    Refresher documentRefresher = refresher(RecordKind.DOCUMENTS);
    this.documentSearch =
        new ElasticDocumentSearch(new FieldSearch<>(documentSearches, documentRefresher, "words"));
    RecordStore<Task> taskRecords = records(RecordKind.TASKS, RecordCodec.TASK);
    this.tasks = new ElasticTaskStore(taskRecords);
    RecordSearch<Task> taskSearches = searches(RecordKind.TASKS, RecordCodec.TASK);
    Refresher taskRefresher = refresher(RecordKind.TASKS);
    this.sweeps = new ElasticSweeps(taskRecords, taskSearches, taskRefresher);
    this.instanceRuns = new ElasticInstanceRuns(taskSearches, taskRefresher);
    this.expiredRecords = new ElasticExpiredRecords(taskSearches, documentSearches, taskRefresher);
    this.taskSearch =
        new ElasticTaskSearch(new FieldSearch<>(taskSearches, taskRefresher, "message"));
    this.taskKeys = new ElasticTaskKeys(taskSearches);
    RecordStore<SearchedResult> resultRecords =
        records(RecordKind.RESULTS, RecordCodec.SEARCHED_RESULT);
    this.results = new ElasticResultStore(resultRecords);
    this.payloads =
        new ElasticPayloadStore(
            records(RecordKind.PAYLOADS, RecordCodec.PAYLOAD),
            searches(RecordKind.PAYLOADS, RecordCodec.PAYLOAD));
    this.workers =
        new ElasticWorkerStore(
            records(RecordKind.WORKERS, RecordCodec.WORKER),
            searches(RecordKind.WORKERS, RecordCodec.WORKER));
    RecordSearch<Result> resultSearches = searches(RecordKind.RESULTS, RecordCodec.RESULT);
    Refresher resultRefresher = refresher(RecordKind.RESULTS);
    this.earlierResults = ElasticResultsByAge.ofEarlierRuns(resultSearches);
    this.resultsByAge = ElasticResultsByAge.all(resultSearches);
    this.formerResults = new ElasticFormerResults(resultRecords, resultSearches, resultRefresher);
    this.resultSearch =
        new ElasticResultSearch(new FieldSearch<>(resultSearches, resultRefresher, null));
    this.recordQueries =
        new ElasticRecordQueries(
            documentSearches,
            taskSearches,
            resultSearches,
            Map.of(
                SearchedKind.DOCUMENT, documentRefresher,
                SearchedKind.TASK, taskRefresher,
                SearchedKind.RESULT, resultRefresher));
    this.counts = new ElasticCounts(taskSearches, documentSearches, resultSearches, taskRefresher);
    this.leaseCounts = new ElasticLeaseCounts(taskSearches);
    this.departures = new ElasticDepartureStore(records(RecordKind.LEADER, RecordCodec.DEPARTURES));
    this.leader = new ElasticLeaderStore(records(RecordKind.LEADER, RecordCodec.LEADER));
  }

  private <T> RecordStore<T> records(RecordKind kind, RecordCodec<T> codec) {
    Alias alias = indices.alias(kind);
    return new RecordStore<>(
        alias,
        codec,
        writer,
        new BatchReader<>(http, alias, codec, BatchLimits.forReading(), executor));
  }

  private <T> RecordSearch<T> searches(RecordKind kind, RecordCodec<T> codec) {
    return new RecordSearch<>(clients.typed(), clients.silence(), indices.alias(kind), codec);
  }

  private Refresher refresher(RecordKind kind) {
    return new Refresher(http, indices.alias(kind), executor);
  }

  private static ThreadFactory threads() {
    AtomicInteger count = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, "elastic-responses-" + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  /**
   * Waits for Elasticsearch, creates missing templates and indices, and checks that the existing
   * ones are compatible.
   *
   * @throws IncompatibleIndices if an index or template is incompatible
   * @throws StoreUnavailable if Elasticsearch is not ready in time
   */
  public void install(Duration timeout) {
    long end = System.nanoTime() + timeout.toNanos();
    while (!tryInstall(end)) {
      LOG.warn("Elasticsearch became unavailable while its indices were checked; starting again");
    }
  }

  /** Returns false if Elasticsearch became unavailable before the end. */
  private boolean tryInstall(long end) {
    health.awaitReachable(remaining(end));
    try {
      new ElasticIndices(clients.rest(), indices).install();
    } catch (StoreUnavailable e) {
      if (remaining(end).isZero()) {
        throw e;
      }
      health.pause();
      return false;
    }
    health.awaitHealthy(remaining(end));
    return true;
  }

  private static Duration remaining(long end) {
    return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
  }

  /** Checks the health of Elasticsearch. Returns the error as text, or empty if healthy. */
  public Optional<String> healthError() {
    ElasticHealth.Health current = health.check();
    return current.healthy() ? Optional.empty() : Optional.of(current.message());
  }

  public DocumentStore documents() {
    return documents;
  }

  public TaskStore tasks() {
    return tasks;
  }

  public InstanceRuns instanceRuns() {
    return instanceRuns;
  }

  public TaskStore.Sweeps sweeps() {
    return sweeps;
  }

  public ResultStore results() {
    return results;
  }

  public PayloadStore payloads() {
    return payloads;
  }

  public WorkerStore workers() {
    return workers;
  }

  public TaskSearch taskSearch() {
    return taskSearch;
  }

  public TaskKeySearch taskKeys() {
    return taskKeys;
  }

  public DocumentSearch documentSearch() {
    return documentSearch;
  }

  /** Returns the search for all stored results, including those of earlier and unfinished runs. */
  public ResultSearch resultSearch() {
    return resultSearch;
  }

  /** Returns the search for records of several kinds. */
  public RecordQueries recordQueries() {
    return recordQueries;
  }

  public LeaseCounts leaseCounts() {
    return leaseCounts;
  }

  public Counts counts() {
    return counts;
  }

  public DepartureStore departures() {
    return departures;
  }

  public ExpiredRecords expiredRecords() {
    return expiredRecords;
  }

  public ResultsByAge earlierResults() {
    return earlierResults;
  }

  public ResultsByAge resultsByAge() {
    return resultsByAge;
  }

  public FormerResultRecords formerResults() {
    return formerResults;
  }

  public LeaderStore leader() {
    return leader;
  }

  /** Returns statistics of the writes since the start. */
  public WriteStatistics writeStatistics() {
    return writer.statistics();
  }

  /** Waits until pending writes are completed. */
  @Override
  public void close() {
    writer.close();
    clients.close();
    executor.shutdown();
  }
}
