package dev.docket.result;

final class MemoryPayloadStoreTest implements PayloadStoreContract {

  private final PayloadStore payloads = new MemoryPayloadStore();

  @Override
  public PayloadStore payloads() {
    return payloads;
  }

  @Override
  public void refresh() {}
}
