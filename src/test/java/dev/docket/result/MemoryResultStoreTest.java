package dev.docket.result;

final class MemoryResultStoreTest implements ResultStoreContract {

  private final MemoryResultStore store = new MemoryResultStore();

  @Override
  public ResultStore store() {
    return store;
  }
}
