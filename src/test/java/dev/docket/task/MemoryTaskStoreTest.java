package dev.docket.task;

final class MemoryTaskStoreTest implements TaskStoreContract, SweepsContract {

  private final MemoryTaskStore store = new MemoryTaskStore();

  @Override
  public TaskStore store() {
    return store;
  }

  @Override
  public TaskStore.Sweeps sweeps() {
    return store;
  }

  @Override
  public void refresh() {}
}
