package dev.docket.dispatch;

final class MemoryLeaderStoreTest implements LeaderStoreContract {

  @Override
  public LeaderStore store() {
    return new MemoryLeaderStore();
  }
}
