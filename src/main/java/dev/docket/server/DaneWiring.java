package dev.docket.server;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.auth.http.AuthFeature;
import dev.docket.dialect.Dialect;
import dev.docket.dialect.dane.DaneDialect;
import dev.docket.dialect.dane.index.DaneIndex;
import dev.docket.http.RequestBodyReader;
import dev.docket.result.ResultViews;
import java.util.ArrayList;
import java.util.List;

/** DANE's HTTP API, and the index of its workers, which is only on a port of its own. */
final class DaneWiring {

  private final CoreWiring core;
  private final DaneConfig config;
  private final AuthFeature authentication;
  private final ObjectMapper mapper;

  DaneWiring(CoreWiring core, DaneConfig config, AuthFeature authentication, ObjectMapper mapper) {
    this.core = core;
    this.config = config;
    this.authentication = authentication;
    this.mapper = mapper;
  }

  Dialect api(RequestBodyReader bodies, ProbeResource probes) {
    List<Object> components =
        new ArrayList<>(
            DaneDialect.components(
                new DaneDialect.Services(
                    core.documents,
                    core.auditedDocuments,
                    core.tasks,
                    core.auditedTasks,
                    core.elastic.tasks(),
                    core.taskPages,
                    core.submissions,
                    core.results,
                    core.auditedResults,
                    new ResultViews(core.payloads),
                    core.massReset,
                    core.elastic.documentSearch(),
                    core.elastic.taskSearch(),
                    core.census,
                    bodies,
                    mapper)));
    // DANE's server has them at the root of its port.
    components.add(probes);
    return new Dialect("dane", "/DANE", config.publicAddress(), authentication, components);
  }

  Dialect index() {
    return new Dialect(
        "dane-store",
        "",
        null,
        authentication,
        DaneIndex.components(
            config.store().index(),
            new DaneIndex.Services(
                core.documents,
                core.tasks,
                core.elastic.tasks(),
                core.elastic.recordQueries(),
                core.results,
                core.savedResults,
                core.auditedResults,
                core.pendingResults,
                core.payloads,
                mapper)));
  }
}
