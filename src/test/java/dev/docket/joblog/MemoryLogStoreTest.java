package dev.docket.joblog;

final class MemoryLogStoreTest implements LogStoreContract {

  private final LogStore logs = new MemoryLogStore();

  @Override
  public LogStore logs() {
    return logs;
  }

  @Override
  public void refresh() {}
}
