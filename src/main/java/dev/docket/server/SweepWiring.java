package dev.docket.server;

import dev.docket.admission.SlotSweep;
import dev.docket.counts.BacklogSweep;
import dev.docket.counts.CountsSweep;
import dev.docket.dependency.WaitingSweep;
import dev.docket.drift.CensusSweep;
import dev.docket.drift.LossDetectionSettings;
import dev.docket.drift.Republisher;
import dev.docket.maintenance.AuditRetentionSweep;
import dev.docket.maintenance.LeaderElection;
import dev.docket.maintenance.LeaderSweep;
import dev.docket.maintenance.LeaseSweep;
import dev.docket.maintenance.LogSweep;
import dev.docket.maintenance.OverdueSweep;
import dev.docket.maintenance.PayloadSweep;
import dev.docket.maintenance.PurgeSweep;
import dev.docket.maintenance.RepublishTimes;
import dev.docket.maintenance.ResultMigration;
import dev.docket.maintenance.ResultRetentionSweep;
import dev.docket.maintenance.ResultSweep;
import dev.docket.maintenance.RetentionSweep;
import dev.docket.maintenance.Sweep;
import dev.docket.maintenance.SweepScheduler;
import dev.docket.maintenance.UnansweredSweep;
import dev.docket.maintenance.UnroutableSweep;
import dev.docket.task.DocumentTasks;
import dev.docket.workerapi.OpenPolls;
import dev.docket.workers.OccupancySweep;
import dev.docket.workers.WorkerRegistry;
import dev.docket.workers.WorkerRegistrySync;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Creates the sweeps, and the leader election that decides which server acts on them. */
final class SweepWiring {

  private final CoreWiring core;
  private final LeaderElection election;
  private final SweepScheduler scheduler;

  SweepWiring(CoreWiring core, DocketConfig config) {
    this.core = core;
    SweepConfig intervals = config.sweeps();
    election = core.election;
    CensusSweep census = censusSweep(config.broker().lossDetection(), core.republishTimes);
    core.broker.whenConnected(census::reconnected);
    Duration leaseInterval = intervals.leases.toJavaDuration();
    List<SweepScheduler.ScheduledSweep> sweeps =
        new ArrayList<>(
            List.of(
                onAllServers(election, LeaderElection.STAMP_INTERVAL),
                onLeader(
                    new OverdueSweep(core.taskPages, core.tasks, core.publisher, core.clock),
                    intervals.overdue.toJavaDuration()),
                onAllServers(
                    new LeaseSweep(
                        core.taskPages,
                        core.tasks,
                        core.policies,
                        leaseInterval,
                        System::nanoTime,
                        election::isLeader),
                    leaseInterval),
                onLeader(
                    new UnroutableSweep(
                        core.elastic.unroutableTasks(), core.tasks, core.policies, core.publisher),
                    intervals.unroutable.toJavaDuration()),
                onLeader(core.admissionSweep, intervals.admission.toJavaDuration()),
                onLeader(
                    new SlotSweep(
                        core.slots,
                        core.elastic.tasks(),
                        core.tasks,
                        core.admissions,
                        System::nanoTime),
                    intervals.slots.toJavaDuration()),
                onLeader(
                    new UnansweredSweep(
                        core.elastic.unansweredTasks(),
                        core.tasks,
                        core.policies,
                        core.census,
                        core.clock),
                    intervals.unanswered.toJavaDuration()),
                onLeader(
                    new WaitingSweep(
                        core.taskPages,
                        core.elastic.tasks(),
                        core.tasks,
                        core.registerHandler,
                        core.clock),
                    intervals.waiting.toJavaDuration()),
                onAllServers(census, intervals.census.toJavaDuration()),
                onLeader(
                    new PurgeSweep(
                        core.documents,
                        new DocumentTasks(core.taskPages, core.tasks),
                        core.elastic.expiredRecords()),
                    intervals.purge.toJavaDuration()),
                onLeader(
                    new PayloadSweep(core.elastic.payloads(), core.elastic.tasks(), core.clock),
                    intervals.payloads.toJavaDuration()),
                onLeader(
                    new ResultSweep(
                        core.elastic.resultsByAge(),
                        core.results,
                        core.elastic.tasks(),
                        core.clock),
                    intervals.payloads.toJavaDuration()),
                onLeader(
                    new LogSweep(
                        core.elastic.logs(),
                        core.elastic.tasks(),
                        config.retention().logs(),
                        core.clock),
                    intervals.payloads.toJavaDuration()),
                onLeader(
                    new ResultMigration(
                        core.elastic.formerResults(), core.elastic.tasks(), core.payloads),
                    ResultMigration.INTERVAL),
                onAllServers(
                    new WorkerRegistrySync(core.registry, core.elastic.workers(), core.clock),
                    WorkerRegistry.SYNC_INTERVAL),
                onAllServers(
                    new OccupancySweep(core.loads, core.occupancy), OccupancySweep.INTERVAL),
                onAllServers(core.openPolls, OpenPolls.SEARCH_INTERVAL),
                onAllServers(
                    new BacklogSweep(
                        core.elastic.backlogCounts(),
                        core.elastic::healthError,
                        core.counts,
                        core.metrics.backlog(core.clock),
                        core.clock),
                    intervals.backlog.toJavaDuration()),
                onAllServers(
                    new CountsSweep(
                        core.elastic.counts(),
                        core.departures,
                        core.counts,
                        intervals.recount.toJavaDuration(),
                        core.clock,
                        System::nanoTime),
                    intervals.counts.toJavaDuration())));
    RetentionConfig retention = config.retention();
    retention
        .ages()
        .ifPresent(
            ages ->
                sweeps.add(onLeader(retentionSweep(ages), intervals.retention.toJavaDuration())));
    retention
        .earlierResults()
        .ifPresent(
            age ->
                sweeps.add(
                    onLeader(resultRetentionSweep(age), intervals.retention.toJavaDuration())));
    sweeps.add(
        onLeader(
            new AuditRetentionSweep(core.elastic.audit(), retention.audit(), core.clock),
            intervals.retention.toJavaDuration()));
    scheduler = new SweepScheduler(sweeps);
  }

  private RetentionSweep retentionSweep(RetentionSweep.Ages ages) {
    return new RetentionSweep(
        core.elastic.expiredRecords(),
        core.tasks,
        core.documents,
        ages,
        core.metrics.expiredDocuments(),
        core.clock);
  }

  private ResultRetentionSweep resultRetentionSweep(Duration age) {
    return new ResultRetentionSweep(core.elastic.earlierResults(), core.tasks, age, core.clock);
  }

  private CensusSweep censusSweep(LossDetectionSettings settings, RepublishTimes republishTimes) {
    return new CensusSweep(
        core.census,
        core.elastic.settledTasks(),
        core.elastic.backlogCounts(),
        core.protocols,
        settings,
        new Republisher(core.elastic.settledTasks(), core.tasks, core.publisher, republishTimes),
        election::isLeader,
        core.drift,
        core.clock);
  }

  private SweepScheduler.ScheduledSweep onAllServers(Sweep sweep, Duration interval) {
    return new SweepScheduler.ScheduledSweep(core.metrics.instrument(sweep, interval), interval);
  }

  /** A sweep that only the leader runs. */
  private SweepScheduler.ScheduledSweep onLeader(Sweep sweep, Duration interval) {
    return new SweepScheduler.ScheduledSweep(
        new LeaderSweep(
            core.metrics.instrumentOnLeader(sweep, interval, election::isLeader),
            election::isLeader),
        interval);
  }

  LeaderElection election() {
    return election;
  }

  /** Starts the sweeps. Each runs for the first time immediately. */
  void start() {
    scheduler.start();
  }

  /** Stops the sweeps, and gives up the leadership so that another server can lead. */
  void stop() throws InterruptedException {
    scheduler.stop();
    election.stepDown();
  }
}
