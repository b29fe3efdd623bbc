package dev.docket.workers;

final class MemoryWorkerStoreTest implements WorkerStoreContract {

  private final WorkerStore workers = new MemoryWorkerStore();

  @Override
  public WorkerStore workers() {
    return workers;
  }

  @Override
  public void refresh() {
    // Writes are visible immediately.
  }
}
