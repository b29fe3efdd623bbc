package dev.docket.elastic;

import dev.docket.admission.LimitedTasks;
import dev.docket.admission.SlotStore;
import dev.docket.audit.AuditRecord;
import dev.docket.audit.AuditStore;
import dev.docket.auth.OwnerFilter;
import dev.docket.auth.key.KeyStore;
import dev.docket.concurrent.NamedThreads;
import dev.docket.counts.BacklogCounts;
import dev.docket.counts.Counts;
import dev.docket.counts.DepartureStore;
import dev.docket.document.Document;
import dev.docket.document.DocumentStore;
import dev.docket.drift.SettledTasks;
import dev.docket.elastic.client.BatchLimits;
import dev.docket.elastic.client.BulkListener;
import dev.docket.elastic.client.BulkWriter;
import dev.docket.elastic.client.ElasticClients;
import dev.docket.elastic.client.ElasticHttp;
import dev.docket.elastic.client.ElasticSettings;
import dev.docket.elastic.client.WriteStatistics;
import dev.docket.elastic.index.ElasticHealth;
import dev.docket.elastic.index.ElasticIndices;
import dev.docket.elastic.index.IncompatibleIndices;
import dev.docket.elastic.index.IndexSettings;
import dev.docket.elastic.index.Refresher;
import dev.docket.elastic.record.RecordCodec;
import dev.docket.elastic.record.RecordKind;
import dev.docket.elastic.record.SearchedResult;
import dev.docket.elastic.search.ElasticAuditSearch;
import dev.docket.elastic.search.ElasticBacklogCounts;
import dev.docket.elastic.search.ElasticCounts;
import dev.docket.elastic.search.ElasticDocumentSearch;
import dev.docket.elastic.search.ElasticExpiredRecords;
import dev.docket.elastic.search.ElasticLeaseCounts;
import dev.docket.elastic.search.ElasticLimitedTasks;
import dev.docket.elastic.search.ElasticManualTasks;
import dev.docket.elastic.search.ElasticQueueProgress;
import dev.docket.elastic.search.ElasticRecordQueries;
import dev.docket.elastic.search.ElasticResultSearch;
import dev.docket.elastic.search.ElasticResultsByAge;
import dev.docket.elastic.search.ElasticSettledTasks;
import dev.docket.elastic.search.ElasticTaskKeys;
import dev.docket.elastic.search.ElasticTaskPages;
import dev.docket.elastic.search.ElasticTaskSearch;
import dev.docket.elastic.search.ElasticUnansweredTasks;
import dev.docket.elastic.search.RecordSearch;
import dev.docket.elastic.store.BatchReader;
import dev.docket.elastic.store.ElasticAuditStore;
import dev.docket.elastic.store.ElasticDepartureStore;
import dev.docket.elastic.store.ElasticDocumentStore;
import dev.docket.elastic.store.ElasticFormerResults;
import dev.docket.elastic.store.ElasticKeyStore;
import dev.docket.elastic.store.ElasticLeaderStore;
import dev.docket.elastic.store.ElasticLimitStore;
import dev.docket.elastic.store.ElasticLogStore;
import dev.docket.elastic.store.ElasticPayloadStore;
import dev.docket.elastic.store.ElasticResultStore;
import dev.docket.elastic.store.ElasticServiceStore;
import dev.docket.elastic.store.ElasticSlotStore;
import dev.docket.elastic.store.ElasticTaskStore;
import dev.docket.elastic.store.ElasticUnroutableTasks;
import dev.docket.elastic.store.ElasticWorkerStore;
import dev.docket.elastic.store.RecordStore;
import dev.docket.explain.QueueProgress;
import dev.docket.joblog.LogStore;
import dev.docket.limit.LimitStore;
import dev.docket.maintenance.ExpiredRecords;
import dev.docket.maintenance.FormerResultRecords;
import dev.docket.maintenance.LeaderStore;
import dev.docket.maintenance.ResultsByAge;
import dev.docket.maintenance.UnansweredTasks;
import dev.docket.maintenance.UnroutableTasks;
import dev.docket.manual.ManualTasks;
import dev.docket.result.PayloadPart;
import dev.docket.result.PayloadStore;
import dev.docket.result.Result;
import dev.docket.result.ResultStore;
import dev.docket.search.AuditSearch;
import dev.docket.search.DocumentSearch;
import dev.docket.search.ResultSearch;
import dev.docket.search.TaskSearch;
import dev.docket.search.record.RecordQueries;
import dev.docket.search.record.SearchedKind;
import dev.docket.service.ServiceStore;
import dev.docket.store.StoreUnavailable;
import dev.docket.task.Task;
import dev.docket.task.TaskKeySearch;
import dev.docket.task.TaskStore;
import dev.docket.workers.KnownWorker;
import dev.docket.workers.LeaseCounts;
import dev.docket.workers.WorkerStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
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

  /** The first delay while Elasticsearch is busy; all retries take about three seconds. */
  private static final Duration BULK_BACKOFF = Duration.ofMillis(65);

  private final ExecutorService executor =
      Executors.newFixedThreadPool(RESPONSE_THREADS, new NamedThreads("elastic-responses"));
  private final IndexSettings indices;
  private final ElasticClients clients;
  private final ElasticHttp http;
  private final ElasticHealth health;
  private final BulkWriter writer;
  private final RecordStore<Task> taskRecords;
  private final RecordStore<SearchedResult> resultRecords;
  private final RecordStore<PayloadPart> payloadRecords;
  private final RecordStore<KnownWorker> workerRecords;
  private final RecordStore<AuditRecord> auditRecords;
  private final RecordSearch<Document> documentSearches;
  private final RecordSearch<Task> taskSearches;
  private final RecordSearch<Result> resultSearches;
  private final RecordSearch<AuditRecord> auditSearches;
  private final Refresher documentRefresher;
  private final Refresher taskRefresher;
  private final Refresher resultRefresher;
  private final DocumentStore documents;
  private final LogStore logs;

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
    this.writer = new BulkWriter(http, limits, BULK_BACKOFF, executor, listener);
    taskRecords = records(RecordKind.TASKS, RecordCodec.TASK);
    resultRecords = records(RecordKind.RESULTS, RecordCodec.SEARCHED_RESULT);
    payloadRecords = records(RecordKind.PAYLOADS, RecordCodec.PAYLOAD);
    workerRecords = records(RecordKind.WORKERS, RecordCodec.WORKER);
    auditRecords = records(RecordKind.AUDIT, RecordCodec.AUDIT);
    documentSearches = searches(RecordKind.DOCUMENTS, RecordCodec.DOCUMENT);
    taskSearches = searches(RecordKind.TASKS, RecordCodec.TASK);
    resultSearches = searches(RecordKind.RESULTS, RecordCodec.RESULT);
    auditSearches = searches(RecordKind.AUDIT, RecordCodec.AUDIT);
    documentRefresher = refresher(RecordKind.DOCUMENTS);
    taskRefresher = refresher(RecordKind.TASKS);
    resultRefresher = refresher(RecordKind.RESULTS);
    documents =
        new ElasticDocumentStore(
            records(RecordKind.DOCUMENTS, RecordCodec.DOCUMENT),
            documentSearches,
            reader(
                RecordKind.DOCUMENTS, RecordCodec.DOCUMENT, ElasticDocumentStore.METADATA_FIELDS));
    logs =
        new ElasticLogStore(
            records(RecordKind.LOGS, RecordCodec.LOG),
            records(RecordKind.LOGS, RecordCodec.LOG, List.of(ElasticLogStore.LINES_FIELD)),
            searches(RecordKind.LOGS, RecordCodec.LOG),
            refresher(RecordKind.LOGS));
  }

  private <T> RecordStore<T> records(RecordKind kind, RecordCodec<T> codec) {
    return records(kind, codec, List.of());
  }

  private <T> RecordStore<T> records(
      RecordKind kind, RecordCodec<T> codec, List<String> omittedFields) {
    return new RecordStore<>(
        indices.alias(kind), codec, writer, reader(kind, codec, omittedFields));
  }

  private <T> BatchReader<T> reader(
      RecordKind kind, RecordCodec<T> codec, List<String> omittedFields) {
    return new BatchReader<>(
        http, indices.alias(kind), codec, BatchLimits.forReading(), executor, omittedFields);
  }

  private <T> RecordSearch<T> searches(RecordKind kind, RecordCodec<T> codec) {
    return new RecordSearch<>(clients.typed(), clients.silence(), indices.alias(kind), codec);
  }

  private Refresher refresher(RecordKind kind) {
    return new Refresher(http, indices.alias(kind), executor);
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
    return new ElasticTaskStore(taskRecords);
  }

  public ElasticTaskPages taskPages() {
    return new ElasticTaskPages(taskSearches, taskRefresher);
  }

  public LimitedTasks limitedTasks() {
    return new ElasticLimitedTasks(taskSearches, taskRefresher);
  }

  public SlotStore slots() {
    return new ElasticSlotStore(
        records(RecordKind.SLOTS, RecordCodec.SLOT), searches(RecordKind.SLOTS, RecordCodec.SLOT));
  }

  public LimitStore limits() {
    return new ElasticLimitStore(
        records(RecordKind.LIMITS, RecordCodec.LIMIT),
        searches(RecordKind.LIMITS, RecordCodec.LIMIT),
        refresher(RecordKind.LIMITS));
  }

  public UnansweredTasks unansweredTasks() {
    return new ElasticUnansweredTasks(taskSearches);
  }

  public UnroutableTasks unroutableTasks() {
    return new ElasticUnroutableTasks(taskRecords, taskSearches);
  }

  public SettledTasks settledTasks() {
    return new ElasticSettledTasks(taskSearches, taskRefresher);
  }

  public QueueProgress queueProgress() {
    return new ElasticQueueProgress(taskSearches);
  }

  public BacklogCounts backlogCounts() {
    return backlogCounts(OwnerFilter.ALL);
  }

  public BacklogCounts backlogCounts(OwnerFilter owners) {
    return new ElasticBacklogCounts(taskSearches, owners);
  }

  public Counts counts() {
    return counts(OwnerFilter.ALL);
  }

  public Counts counts(OwnerFilter owners) {
    return new ElasticCounts(taskSearches, documentSearches, resultSearches, taskRefresher, owners);
  }

  public LeaseCounts leaseCounts() {
    return new ElasticLeaseCounts(taskSearches);
  }

  public TaskKeySearch taskKeys() {
    return new ElasticTaskKeys(taskSearches);
  }

  public ExpiredRecords expiredRecords() {
    return new ElasticExpiredRecords(taskSearches, documentSearches, taskRefresher);
  }

  public ResultStore results() {
    return new ElasticResultStore(resultRecords);
  }

  public ResultsByAge resultsByAge() {
    return ElasticResultsByAge.all(resultSearches);
  }

  public ResultsByAge earlierResults() {
    return ElasticResultsByAge.ofEarlierRuns(resultSearches);
  }

  public FormerResultRecords formerResults() {
    return new ElasticFormerResults(resultRecords, resultSearches, resultRefresher);
  }

  public PayloadStore payloads() {
    return new ElasticPayloadStore(
        payloadRecords, searches(RecordKind.PAYLOADS, RecordCodec.PAYLOAD));
  }

  public LogStore logs() {
    return logs;
  }

  public WorkerStore workers() {
    return new ElasticWorkerStore(workerRecords, searches(RecordKind.WORKERS, RecordCodec.WORKER));
  }

  public KeyStore keys() {
    return new ElasticKeyStore(
        records(RecordKind.KEYS, RecordCodec.KEY),
        searches(RecordKind.KEYS, RecordCodec.KEY),
        refresher(RecordKind.KEYS));
  }

  public ServiceStore services() {
    return new ElasticServiceStore(
        records(RecordKind.SERVICES, RecordCodec.SERVICE),
        searches(RecordKind.SERVICES, RecordCodec.SERVICE),
        refresher(RecordKind.SERVICES));
  }

  public AuditStore audit() {
    return new ElasticAuditStore(auditRecords, auditSearches);
  }

  public AuditSearch auditSearch() {
    return new ElasticAuditSearch(auditSearches, refresher(RecordKind.AUDIT));
  }

  public DepartureStore departures() {
    return new ElasticDepartureStore(records(RecordKind.LEADER, RecordCodec.DEPARTURES));
  }

  public LeaderStore leader() {
    return new ElasticLeaderStore(records(RecordKind.LEADER, RecordCodec.LEADER));
  }

  public TaskSearch taskSearch() {
    return new ElasticTaskSearch(taskSearches, taskRefresher);
  }

  public ManualTasks manualTasks() {
    return new ElasticManualTasks(taskSearches, taskRefresher);
  }

  public DocumentSearch documentSearch() {
    return new ElasticDocumentSearch(documentSearches, documentRefresher);
  }

  /** Returns the search for all stored results, including those of earlier and unfinished runs. */
  public ResultSearch resultSearch() {
    return new ElasticResultSearch(resultSearches, resultRefresher);
  }

  /** Returns the search for records of several kinds. */
  public RecordQueries recordQueries() {
    return new ElasticRecordQueries(
        documentSearches,
        taskSearches,
        resultSearches,
        Map.of(
            SearchedKind.DOCUMENT, documentRefresher,
            SearchedKind.TASK, taskRefresher,
            SearchedKind.RESULT, resultRefresher));
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
