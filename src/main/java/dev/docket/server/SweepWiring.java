package dev.docket.server;

import dev.docket.broker.TaskPublisher;
import dev.docket.counts.CountsSweep;
import dev.docket.dependency.DependencyEffects;
import dev.docket.dependency.WaitingSweep;
import dev.docket.drift.CensusSweep;
import dev.docket.drift.LossDetectionSettings;
import dev.docket.drift.ProtocolExchanges;
import dev.docket.drift.Republisher;
import dev.docket.maintenance.LeaderElection;
import dev.docket.maintenance.LeaseSweep;
import dev.docket.maintenance.OverdueSweep;
import dev.docket.maintenance.PurgeSweep;
import dev.docket.maintenance.RetentionSweep;
import dev.docket.maintenance.Sweep;
import dev.docket.maintenance.SweepScheduler;
import dev.docket.maintenance.UnansweredSweep;
import dev.docket.maintenance.UnroutableSweep;
import dev.docket.outbox.EffectExecutor;
import dev.docket.protocol.WorkerProtocol;
import dev.docket.protocol.WorkerProtocols;
import dev.docket.task.machine.DecisionContext;
import dev.docket.workerapi.WorkerRegistry;
import dev.docket.workerapi.WorkerRegistrySync;
import io.dropwizard.util.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The sweeps and watches, and who of the servers acts on what they see. */
final class SweepWiring {

  private final CoreWiring core;
  private final LeaderElection leadership;
  private final SweepScheduler rounds;

  SweepWiring(
      CoreWiring core,
      SweepConfig every,
      RetentionConfig kept,
      LossDetectionSettings settings,
      EffectExecutor dispatcher,
      DependencyEffects dependents,
      TaskPublisher publisher,
      WorkerProtocols protocols,
      Supplier<DecisionContext> moments) {
    this.core = core;
    leadership =
        new LeaderElection(
            core.elastic.leader(),
            moments.get().fresh(),
            HostName.name(),
            core.clock,
            System::nanoTime);
    CensusSweep lost = lost(settings, protocols, publisher);
    core.broker.whenConnected(lost::reconnected);
    java.time.Duration leases = every.leases().toJavaDuration();
    List<SweepScheduler.Round> all =
        new ArrayList<>(
            List.of(
                everywhere(leadership, LeaderElection.STAMP_INTERVAL),
                led(
                    new OverdueSweep(core.sweeps, core.tasks, dispatcher, publisher, core.clock),
                    every.overdue()),
                everywhere(
                    new LeaseSweep(
                        core.sweeps,
                        core.tasks,
                        core.policies,
                        leases,
                        System::nanoTime,
                        leadership::leads),
                    leases),
                led(new UnroutableSweep(core.sweeps, core.tasks, publisher), every.unroutable()),
                led(
                    new UnansweredSweep(
                        core.sweeps, core.tasks, core.policies, core.census, core.clock),
                    every.unanswered()),
                led(
                    new WaitingSweep(
                        core.sweeps, core.elastic.tasks(), core.tasks, dependents, core.clock),
                    every.waiting()),
                everywhere(lost, every.census().toJavaDuration()),
                led(
                    new PurgeSweep(
                        core.documents, core.sweeps, core.tasks, core.elastic.oldRecords()),
                    every.purge()),
                everywhere(
                    new WorkerRegistrySync(core.registry, core.elastic.workers(), core.clock),
                    WorkerRegistry.NOTE_INTERVAL),
                everywhere(
                    core.metrics.backlog(
                        core.sweeps, core.elastic::healthError, core.counts, core.clock),
                    every.backlog().toJavaDuration()),
                everywhere(
                    new CountsSweep(
                        core.elastic.counts(),
                        core.counts,
                        every.recount().toJavaDuration(),
                        core.clock,
                        System::nanoTime),
                    every.counts().toJavaDuration())));
    kept.ages().ifPresent(ages -> all.add(led(retention(ages), every.retention())));
    rounds = new SweepScheduler(all);
  }

  private RetentionSweep retention(RetentionSweep.Ages ages) {
    return new RetentionSweep(
        core.elastic.oldRecords(),
        core.tasks,
        core.documents,
        ages,
        core.metrics.expiredDocuments(),
        core.clock);
  }

  private CensusSweep lost(
      LossDetectionSettings settings, WorkerProtocols protocols, TaskPublisher publisher) {
    Map<String, ProtocolExchanges.OfProtocol> exchanges = new HashMap<>();
    for (WorkerProtocol kind : protocols.all()) {
      String exchange = core.broker.topology().exchange(kind);
      exchanges.put(kind.name(), new ProtocolExchanges.OfProtocol(exchange, kind.ackMode()));
    }
    return new CensusSweep(
        core.census,
        core.sweeps,
        new ProtocolExchanges(exchanges),
        settings,
        new Republisher(core.sweeps, core.tasks, publisher, leadership),
        leadership::leads,
        core.drift,
        core.clock);
  }

  private SweepScheduler.Round everywhere(Sweep sweep, java.time.Duration every) {
    return new SweepScheduler.Round(core.metrics.counted(sweep), every);
  }

  /** Only the leader looks. */
  private SweepScheduler.Round led(Sweep sweep, Duration every) {
    return new SweepScheduler.Round(
        leadership.only(core.metrics.counted(sweep)), every.toJavaDuration());
  }

  LeaderElection leadership() {
    return leadership;
  }

  /** Begins; the first look of each comes at once. */
  void start() {
    rounds.start();
  }

  /** Ends, and lets another server lead. */
  void stop() throws InterruptedException {
    rounds.stop();
    leadership.stepDown();
  }
}
