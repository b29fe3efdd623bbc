package dev.docket.document;

final class MemoryDocumentStoreTest implements DocumentStoreContract {

  private final MemoryDocumentStore store = new MemoryDocumentStore();

  @Override
  public DocumentStore store() {
    return store;
  }

  @Override
  public void refresh() {}
}
