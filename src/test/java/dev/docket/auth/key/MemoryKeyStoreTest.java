package dev.docket.auth.key;

final class MemoryKeyStoreTest implements KeyStoreContract {

  private final MemoryKeyStore keys = new MemoryKeyStore();

  @Override
  public KeyStore keys() {
    return keys;
  }
}
