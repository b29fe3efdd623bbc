package dev.docket.elastic.store;

import dev.docket.admission.LimitedTasks;
import dev.docket.backends.junit.BackendsExtension;
import dev.docket.counts.BacklogCounts;
import dev.docket.dependency.WaitingTasks;
import dev.docket.drift.SettledTasks;
import dev.docket.elastic.ElasticFixture;
import dev.docket.elastic.record.RecordKind;
import dev.docket.explain.QueueProgress;
import dev.docket.maintenance.OverdueTasks;
import dev.docket.maintenance.RunningTasks;
import dev.docket.maintenance.UnansweredTasks;
import dev.docket.maintenance.UnroutableTasks;
import dev.docket.task.TaskSearchesContract;
import dev.docket.task.TaskStore;
import dev.docket.task.TasksInState;
import dev.docket.task.TasksOfDocuments;
import dev.docket.task.api.UnfinishedTasks;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;

final class ElasticTaskSearchesIT implements TaskSearchesContract {

  @RegisterExtension static final BackendsExtension backends = BackendsExtension.embedded();
  static ElasticFixture fixture;

  @BeforeAll
  static void open() {
    fixture = ElasticFixture.open(backends, "sweeps");
  }

  @AfterAll
  static void close() {
    fixture.close();
  }

  @AfterEach
  void empty() {
    fixture.empty(RecordKind.TASKS);
  }

  @Override
  public TaskStore store() {
    return fixture.backend().tasks();
  }

  @Override
  public OverdueTasks overdueTasks() {
    return fixture.backend().taskPages();
  }

  @Override
  public RunningTasks runningTasks() {
    return fixture.backend().taskPages();
  }

  @Override
  public LimitedTasks limitedTasks() {
    return fixture.backend().limitedTasks();
  }

  @Override
  public UnansweredTasks unansweredTasks() {
    return fixture.backend().unansweredTasks();
  }

  @Override
  public UnroutableTasks unroutableTasks() {
    return fixture.backend().unroutableTasks();
  }

  @Override
  public WaitingTasks waitingTasks() {
    return fixture.backend().taskPages();
  }

  @Override
  public TasksInState tasksInState() {
    return fixture.backend().taskPages();
  }

  @Override
  public TasksOfDocuments tasksOfDocuments() {
    return fixture.backend().taskPages();
  }

  @Override
  public UnfinishedTasks unfinishedTasks() {
    return fixture.backend().taskPages();
  }

  @Override
  public BacklogCounts backlogCounts() {
    return fixture.backend().backlogCounts();
  }

  @Override
  public SettledTasks settledTasks() {
    return fixture.backend().settledTasks();
  }

  @Override
  public QueueProgress queueProgress() {
    return fixture.backend().queueProgress();
  }

  @Override
  public void refresh() {
    fixture.refresh();
  }
}
