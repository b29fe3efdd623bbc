package dev.docket.server;

import dev.docket.audit.AuditLog;
import dev.docket.audit.AuditedKeys;
import dev.docket.auth.AccessRules;
import dev.docket.auth.http.Authenticator;
import dev.docket.auth.http.CredentialForm;
import dev.docket.auth.key.ConfiguredKeys;
import dev.docket.auth.key.KeyService;
import dev.docket.auth.key.KeyStore;
import dev.docket.auth.key.ManagedKeys;
import dev.docket.auth.token.Tokens;
import java.time.Clock;
import java.util.List;
import java.util.Set;

/** Creates what knows the credentials of callers: keys of both kinds, and tokens. */
final class AccessWiring {

  final Authenticator authenticator;
  final KeyService keys;
  private final ManagedKeys managed;
  private final Tokens tokens;

  AccessWiring(DocketConfig config, KeyStore store, AuditLog audit, Clock clock) {
    AccessRules rules = config.access().rules();
    ConfiguredKeys configured = new ConfiguredKeys(config.apiKeys(), rules, clock);
    managed = new ManagedKeys(store, rules, clock, System::nanoTime);
    tokens = new Tokens(config.access().issuers(), rules, clock);
    keys = new KeyService(store, managed, configured, new AuditedKeys(audit), clock);
    authenticator =
        new Authenticator(
            config.requiresCredentials(),
            config.access().basic()
                ? Set.of(CredentialForm.BEARER, CredentialForm.BASIC)
                : Set.of(CredentialForm.BEARER),
            List.of(configured, managed, tokens));
  }

  /** Reads the managed keys. Blocks. */
  void readKeys() {
    managed.read();
  }

  /** Reads the managed keys, and then keeps them and the keys of issuers up to date. Blocks. */
  void start(ServerThreads threads) {
    tokens.tick();
    managed.read();
    threads.repeatBlocking("docket-keys", ManagedKeys.INTERVAL, managed::read);
    threads.repeat(Tokens.INTERVAL, tokens::tick);
  }
}
