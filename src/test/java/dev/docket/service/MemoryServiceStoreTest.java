package dev.docket.service;

final class MemoryServiceStoreTest implements ServiceStoreContract {

  private final MemoryServiceStore store = new MemoryServiceStore();

  @Override
  public ServiceStore services() {
    return store;
  }
}
