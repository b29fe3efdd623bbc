package dev.docket.server;

import dev.docket.broker.TaskCourier;
import dev.docket.counts.CountsSweep;
import dev.docket.dependency.Dependents;
import dev.docket.dependency.WaitingSweep;
import dev.docket.drift.CensusSweep;
import dev.docket.drift.Exchanges;
import dev.docket.drift.Patience;
import dev.docket.drift.Resend;
import dev.docket.maintenance.Leadership;
import dev.docket.maintenance.LeaseWatch;
import dev.docket.maintenance.OverdueSweep;
import dev.docket.maintenance.PurgeSweep;
import dev.docket.maintenance.RetentionSweep;
import dev.docket.maintenance.Rounds;
import dev.docket.maintenance.Sweep;
import dev.docket.maintenance.UnansweredSweep;
import dev.docket.maintenance.UnroutableSweep;
import dev.docket.outbox.Dispatcher;
import dev.docket.protocol.Courier;
import dev.docket.protocol.Couriers;
import dev.docket.task.machine.Moment;
import dev.docket.workerapi.WorkerNotes;
import dev.docket.workerapi.WorkerRegistry;
import io.dropwizard.util.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The sweeps and watches, and who of the servers acts on what they see. */
final class Reconciling {

  private final Core core;
  private final Leadership leadership;
  private final Rounds rounds;

  Reconciling(
      Core core,
      SweepConfig every,
      RetentionConfig kept,
      Patience patience,
      Dispatcher dispatcher,
      Dependents dependents,
      TaskCourier courier,
      Couriers couriers,
      Supplier<Moment> moments) {
    this.core = core;
    leadership =
        new Leadership(
            core.elastic.leader(),
            moments.get().fresh(),
            Host.name(),
            core.clock,
            System::nanoTime);
    CensusSweep lost = lost(patience, couriers, courier);
    core.broker.whenConnected(lost::reconnected);
    java.time.Duration leases = every.leases().toJavaDuration();
    List<Rounds.Round> all =
        new ArrayList<>(
            List.of(
                everywhere(leadership, Leadership.EVERY),
                led(
                    new OverdueSweep(core.sweeps, core.tasks, dispatcher, courier, core.clock),
                    every.overdue()),
                everywhere(
                    new LeaseWatch(
                        core.sweeps,
                        core.tasks,
                        core.policies,
                        leases,
                        System::nanoTime,
                        leadership::leads),
                    leases),
                led(new UnroutableSweep(core.sweeps, core.tasks, courier), every.unroutable()),
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
                    new WorkerNotes(core.registry, core.elastic.workers(), core.clock),
                    WorkerRegistry.NOTED_EVERY),
                everywhere(
                    core.metrics.backlog(
                        core.sweeps, core.elastic::trouble, core.counts, core.clock),
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
    rounds = new Rounds(all);
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

  private CensusSweep lost(Patience patience, Couriers couriers, TaskCourier courier) {
    Map<String, Exchanges.OfCourier> exchanges = new HashMap<>();
    for (Courier kind : couriers.all()) {
      String exchange = core.broker.topology().exchange(kind);
      exchanges.put(kind.name(), new Exchanges.OfCourier(exchange, kind.way()));
    }
    return new CensusSweep(
        core.census,
        core.sweeps,
        new Exchanges(exchanges),
        patience,
        new Resend(core.sweeps, core.tasks, courier, leadership),
        leadership::leads,
        core.drift,
        core.clock);
  }

  private Rounds.Round everywhere(Sweep sweep, java.time.Duration every) {
    return new Rounds.Round(core.metrics.counted(sweep), every);
  }

  /** Only the leader looks. */
  private Rounds.Round led(Sweep sweep, Duration every) {
    return new Rounds.Round(leadership.only(core.metrics.counted(sweep)), every.toJavaDuration());
  }

  Leadership leadership() {
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
