package dev.docket.server;

import dev.docket.broker.BrokerNames;
import dev.docket.dialect.dane.importing.DaneConnection;
import dev.docket.dialect.dane.importing.DaneImport;
import dev.docket.dialect.dane.importing.ImportReport;
import dev.docket.dialect.dane.importing.ImportStores;
import dev.docket.elastic.ElasticBackend;
import dev.docket.elastic.client.BulkListener;
import dev.docket.maintenance.RecordFormat;
import dev.docket.protocol.WorkerProtocol;
import dev.docket.protocol.WorkerProtocols;
import dev.docket.result.Payloads;
import java.time.Clock;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Consumer;

/** Creates the stores that an import from DANE writes to, and runs it. Needs no broker. */
final class DaneImportWiring {

  private final DocketConfig config;
  private final List<WorkerProtocol.Factory> protocols;

  DaneImportWiring(DocketConfig config, List<WorkerProtocol.Factory> protocols) {
    this.config = config;
    this.protocols = List.copyOf(protocols);
  }

  /** Installs the indices and imports. Blocks. */
  ImportReport run(DaneConnection from, ZoneId zone, Consumer<String> progress) {
    Clock clock = Clock.tickMillis(ZoneOffset.UTC);
    ConfiguredPolicies policies =
        new ConfiguredPolicies(
            config.tasks(),
            config.keys(),
            WorkerProtocols.of(new BrokerNames(config.broker().settings().prefix()), protocols),
            config.results().keptRuns());
    try (ElasticBackend elastic =
        new ElasticBackend(
            config.elasticsearch().settings(),
            config.elasticsearch().indices(),
            config.elasticsearch().bulk().limits(),
            BulkListener.NONE)) {
      elastic.install(config.elasticsearch().patience());
      RecordFormat.claim(elastic.leader(), HostName.name(), clock.instant());
      Payloads payloads =
          new Payloads(elastic.payloads(), HttpJson.mapper(), clock, config.results().maxPayload());
      return new DaneImport(
              from,
              new ImportStores(elastic.documents(), elastic.tasks(), elastic.results(), payloads),
              policies,
              zone,
              new RandomDecisionContexts(clock),
              progress)
          .run();
    }
  }
}
