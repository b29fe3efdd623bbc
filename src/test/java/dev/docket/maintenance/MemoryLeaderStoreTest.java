package dev.docket.maintenance;

final class MemoryLeaderStoreTest implements LeaderStoreContract {

  @Override
  public LeaderStore store() {
    return new MemoryLeaderStore();
  }
}
