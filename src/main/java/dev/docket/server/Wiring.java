package dev.docket.server;

import com.codahale.metrics.health.HealthCheck;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.apidocs.ApiDescription;
import dev.docket.apidocs.ApiDescriptionResource;
import dev.docket.apidocs.DocsPage;
import dev.docket.apidocs.DocsResource;
import dev.docket.counts.StatsResource;
import dev.docket.dialect.dane.DaneDialect;
import dev.docket.dialect.dane.index.DaneStore;
import dev.docket.document.DocumentResource;
import dev.docket.drift.DriftResource;
import dev.docket.elastic.Elastic;
import dev.docket.events.EventResource;
import dev.docket.events.EventStreams;
import dev.docket.events.EventWriters;
import dev.docket.explain.ExplainResource;
import dev.docket.http.Bodies;
import dev.docket.http.batch.ArrayBatch;
import dev.docket.http.batch.Lines;
import dev.docket.http.batch.StreamedArray;
import dev.docket.metrics.Metrics;
import dev.docket.protocol.Courier;
import dev.docket.result.ResultResource;
import dev.docket.search.CountingResults;
import dev.docket.search.ExportResource;
import dev.docket.search.Exports;
import dev.docket.search.ResultSearch;
import dev.docket.search.SearchResource;
import dev.docket.task.api.TaskListResource;
import dev.docket.task.api.TaskResource;
import dev.docket.workerapi.Polls;
import dev.docket.workerapi.Reports;
import dev.docket.workerapi.TaskWorkResource;
import dev.docket.workerapi.WorkerResource;
import dev.docket.workerapi.WorkersResource;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.lifecycle.Managed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes every object, top to bottom: the {@link Core}, then the doors to it. What it makes does
 * nothing before it is started.
 */
final class Wiring {

  private static final int EXPORTS_AT_ONCE = 8;

  private final Core core;
  private final List<Object> resources = new ArrayList<>();
  private final EventStreams events;
  private final EventWriters eventWriters;
  private final @Nullable DaneStorePort daneStore;

  Wiring(DocketConfig config, Environment environment, List<Courier> kinds) {
    core = new Core(config, environment.metrics(), kinds);
    ObjectMapper mapper = environment.getObjectMapper();
    Bodies bodies = new Bodies(mapper, environment.getValidator());
    events = new EventStreams(core.broker.eventFeed(), mapper);
    eventWriters = new EventWriters(events);
    core.metrics.watchEvents(core.broker.events()::dropped, events::lost, events::count);
    resources.addAll(ownApi(mapper, bodies));
    resources.addAll(daneApi(mapper, bodies));
    daneStore = config.dane().store().enabled() ? daneStore(config, mapper) : null;
  }

  private List<Object> ownApi(ObjectMapper mapper, Bodies bodies) {
    Lines lines = new Lines(mapper);
    ArrayBatch batches = new ArrayBatch(mapper);
    StreamedArray array = new StreamedArray(mapper);
    Elastic elastic = core.elastic;
    ResultSearch counting = new CountingResults(elastic.resultSearch(), elastic.tasks());
    Reports reports = new Reports(core.tasks, core.policies, bodies, core.registry);
    Polls polls = new Polls(core.broker.taskQueue(), core.tasks, core.policies);
    return List.of(
        new DocumentResource(core.documents, bodies, batches, lines),
        new TaskResource(core.tasks, core.submissions, core.documents, bodies, batches, lines),
        new ExplainResource(core.tasks, core.evidence, core.clock),
        new TaskListResource(core.sweeps, core.documents, array),
        new ResultResource(core.results, core.tasks, core.sweeps, core.documents, array),
        new SearchResource(elastic.taskSearch(), elastic.documentSearch(), counting),
        new ExportResource(
            elastic.taskSearch(),
            elastic.documentSearch(),
            counting,
            new Exports(mapper, EXPORTS_AT_ONCE)),
        new WorkerResource(reports, polls, core.registry, bodies, batches),
        new TaskWorkResource(core.tasks, reports, polls),
        new WorkersResource(core.registry, core.sweeps, core.recentCensus, core.massReset),
        new DriftResource(core.drift, core.clock),
        new StatsResource(core.counts),
        new EventResource(events, eventWriters),
        new ProbeResource(elastic::trouble, core.broker::trouble),
        new ApiDescriptionResource(() -> new ApiDescription(Core.version())),
        new DocsResource(DocsPage::new));
  }

  private List<Object> daneApi(ObjectMapper mapper, Bodies bodies) {
    return DaneDialect.components(
        new DaneDialect.House(
            core.documents,
            core.tasks,
            core.submissions,
            core.results,
            core.massReset,
            core.elastic.documentSearch(),
            core.elastic.taskSearch(),
            core.census,
            bodies,
            mapper));
  }

  private DaneStorePort daneStore(DocketConfig config, ObjectMapper mapper) {
    return new DaneStorePort(
        config,
        DaneStore.components(
            core.documents, core.tasks, core.sweeps, core.results, core.savedResults, mapper),
        mapper);
  }

  Metrics metrics() {
    return core.metrics;
  }

  List<Object> resources() {
    return resources;
  }

  Map<String, HealthCheck> checks() {
    Map<String, HealthCheck> checks = new LinkedHashMap<>();
    checks.put("elasticsearch", new TroubleCheck(core.elastic::trouble));
    checks.put("broker", new TroubleCheck(core.broker::trouble));
    return checks;
  }

  /** The server is about to stop: whoever waits for something new is answered now. */
  void drain() {
    core.broker.drain();
    try {
      eventWriters.stop();
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }

  /** Started in this order, stopped in the other: the store is the first to come and last to go. */
  List<Managed> managed() {
    List<Managed> parts = new ArrayList<>();
    parts.add(new Part(() -> {}, core.elastic::close));
    parts.add(new Part(() -> {}, core.threads::close));
    parts.add(new Part(core.broker::start, core.broker::stop));
    parts.add(new Part(core.reconciling::start, core.reconciling::stop));
    if (daneStore != null) {
      parts.add(daneStore);
    }
    return parts;
  }

  /**
   * Waits for Elasticsearch and installs the indices.
   *
   * @throws RuntimeException saying what is wrong, if it is not there in time or does not fit
   */
  void awaitStore(Duration patience) {
    core.elastic.install(patience);
  }
}
