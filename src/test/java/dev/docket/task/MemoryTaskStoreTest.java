package dev.docket.task;

import dev.docket.admission.LimitedTasks;
import dev.docket.counts.BacklogCounts;
import dev.docket.dependency.WaitingTasks;
import dev.docket.drift.SettledTasks;
import dev.docket.explain.QueueProgress;
import dev.docket.maintenance.OverdueTasks;
import dev.docket.maintenance.RunningTasks;
import dev.docket.maintenance.UnansweredTasks;
import dev.docket.maintenance.UnroutableTasks;
import dev.docket.task.api.UnfinishedTasks;

final class MemoryTaskStoreTest implements TaskStoreContract, TaskSearchesContract {

  private final MemoryTaskStore store = new MemoryTaskStore();

  @Override
  public TaskStore store() {
    return store;
  }

  @Override
  public OverdueTasks overdueTasks() {
    return store;
  }

  @Override
  public RunningTasks runningTasks() {
    return store;
  }

  @Override
  public LimitedTasks limitedTasks() {
    return store;
  }

  @Override
  public UnansweredTasks unansweredTasks() {
    return store;
  }

  @Override
  public UnroutableTasks unroutableTasks() {
    return store;
  }

  @Override
  public WaitingTasks waitingTasks() {
    return store;
  }

  @Override
  public TasksInState tasksInState() {
    return store;
  }

  @Override
  public TasksOfDocuments tasksOfDocuments() {
    return store;
  }

  @Override
  public UnfinishedTasks unfinishedTasks() {
    return store;
  }

  @Override
  public BacklogCounts backlogCounts() {
    return store;
  }

  @Override
  public SettledTasks settledTasks() {
    return store;
  }

  @Override
  public QueueProgress queueProgress() {
    return store;
  }

  @Override
  public void refresh() {}
}
