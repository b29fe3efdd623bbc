package dev.docket.auth.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.docket.auth.AccessRules;
import dev.docket.auth.Authentication;
import dev.docket.auth.Caller;
import dev.docket.auth.CredentialSource;
import dev.docket.auth.OwnerFilter;
import dev.docket.auth.SettableClock;
import dev.docket.concurrent.Stages;
import dev.docket.http.InvalidRequest;
import dev.docket.http.Problem;
import dev.docket.http.RequestOrigin;
import dev.docket.store.StoreUnavailable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Managed keys of two servers with one store, and configured ones. */
final class KeyServiceTest {

  private static final RequestOrigin ORIGIN = new RequestOrigin("192.0.2.1", "r1");

  private static final KeyAudit AUDIT = (change, action) -> action.get();

  private static final Caller ADMIN = new Caller("operator", Set.of("admin"));

  private static final Authentication UNKNOWN =
      new Authentication.Rejected(CredentialSource.UNKNOWN_KEY);

  private final SettableClock clock = new SettableClock();
  private final MemoryKeyStore store = new MemoryKeyStore();
  private final AccessRules rules = new AccessRules(Map.of());
  private final ManagedKeys keysA = new ManagedKeys(store, rules, clock, clock::nanos);
  private final ManagedKeys keysB = new ManagedKeys(store, rules, clock, clock::nanos);
  private final ConfiguredKeys configured =
      new ConfiguredKeys(
          List.of(
              new ApiKey("ingest", ApiKey.hash("one"), Set.of("archivist")),
              new ApiKey(
                  "guest",
                  ApiKey.hash("two"),
                  Set.of("worker"),
                  "radio",
                  Set.of("ASR"),
                  clock.instant().plusSeconds(60))),
          rules,
          clock);
  private final KeyService serverA = new KeyService(store, keysA, configured, AUDIT, clock);
  private final KeyService serverB = new KeyService(store, keysB, configured, AUDIT, clock);

  @BeforeEach
  void readKeys() {
    keysA.read();
    keysB.read();
  }

  private static NewManagedKey request(@Nullable Set<String> taskKeys, @Nullable Instant expires) {
    return new NewManagedKey("asr", Set.of("worker"), "radio", taskKeys, expires);
  }

  private KeyService.Created create() {
    return Stages.join(serverA.create(ADMIN, ORIGIN, request(Set.of("ASR"), null)));
  }

  private static Authentication outcome(ManagedKeys keys, String text) {
    return keys.authenticate(text).orElseThrow();
  }

  private static boolean isAccepted(ManagedKeys keys, String text) {
    return outcome(keys, text) instanceof Authentication.Accepted;
  }

  @Test
  void createdKeyIsAcceptedHereAtOnceAndElsewhereAfterTheNextRead() {
    KeyService.Created created = create();

    assertThat(outcome(keysA, created.text()))
        .isEqualTo(
            new Authentication.Accepted(
                rules.caller("asr", "radio", Set.of("worker"), Set.of("ASR"))));
    assertThat(outcome(keysB, created.text())).isEqualTo(UNKNOWN);
    keysB.read();
    assertThat(isAccepted(keysB, created.text())).isTrue();
  }

  @Test
  void recordHasNeitherKeyNorPlainHash() {
    KeyService.Created created = create();
    ManagedKey record = Stages.join(store.find(created.key().id())).orElseThrow().value();
    String secret = created.text().substring(created.text().lastIndexOf('_', 20) + 1);

    assertThat(created.text()).matches("dk_[0-9a-f]{16}_[A-Za-z0-9_-]{43}");
    assertThat(record.salt()).hasSize(43);
    assertThat(record.hash())
        .isNotEqualTo(ApiKey.hash(secret))
        .isNotEqualTo(ApiKey.hash(created.text()));
    assertThat(created.toString() + record).doesNotContain(secret);
    assertThat(create().key().id()).isNotEqualTo(created.key().id());
  }

  @Test
  void revokedKeyIsRejectedHereAtOnceAndElsewhereAfterTheNextRead() {
    KeyService.Created created = create();
    keysB.read();

    KeyView revoked = Stages.join(serverA.revoke(ADMIN, ORIGIN, created.key().id()));

    assertThat(revoked.state()).isEqualTo("revoked");
    assertThat(revoked.revokedBy()).isEqualTo("operator");
    assertThat(outcome(keysA, created.text())).isEqualTo(UNKNOWN);
    assertThat(isAccepted(keysB, created.text())).isTrue();
    keysB.read();
    assertThat(outcome(keysB, created.text())).isEqualTo(UNKNOWN);
  }

  @Test
  void revokedKeyStaysRevokedIfTheIndexIsNotRefreshed() {
    KeyService.Created created = create();
    store.setRefreshes(false);

    Stages.join(serverA.revoke(ADMIN, ORIGIN, created.key().id()));
    keysA.read();

    assertThat(outcome(keysA, created.text())).isEqualTo(UNKNOWN);
  }

  @Test
  void createdKeyStaysAcceptedWhileReadsMissIt() {
    store.setRefreshes(false);
    KeyService.Created created = create();
    clock.advance(Duration.ofSeconds(1));
    keysA.read();
    assertThat(isAccepted(keysA, created.text())).isTrue();

    clock.advance(ManagedKeys.OWN_CREATION);
    keysA.read();
    assertThat(outcome(keysA, created.text())).isEqualTo(UNKNOWN);
  }

  @Test
  void keyThatAnotherServerRevokesIsNotAcceptedAgain() {
    KeyService.Created created = create();
    keysA.read();
    Stages.join(serverB.revoke(ADMIN, ORIGIN, created.key().id()));
    clock.advance(Duration.ofSeconds(1));
    keysA.read();
    assertThat(outcome(keysA, created.text())).isEqualTo(UNKNOWN);
  }

  @Test
  void revokingIsIdempotent() {
    KeyService.Created created = create();
    KeyView first = Stages.join(serverA.revoke(ADMIN, ORIGIN, created.key().id()));
    clock.advance(Duration.ofMinutes(1));
    KeyView second =
        Stages.join(
            serverB.revoke(new Caller("other", Set.of("admin")), ORIGIN, created.key().id()));
    assertThat(second).isEqualTo(first);
  }

  @Test
  void expiredKeyIsRejectedWithoutARead() {
    KeyService.Created created =
        Stages.join(serverA.create(ADMIN, ORIGIN, request(null, clock.instant().plusSeconds(3))));
    clock.advance(Duration.ofSeconds(2));
    assertThat(isAccepted(keysA, created.text())).isTrue();
    clock.advance(Duration.ofSeconds(1));
    assertThat(outcome(keysA, created.text())).isEqualTo(UNKNOWN);
    assertThat(Stages.join(serverA.find(created.key().id())).state()).isEqualTo("expired");
  }

  @Test
  void acceptsNoManagedKeyFiveSecondsAfterTheLastRead() {
    KeyService.Created created = create();
    store.setAvailable(false);
    clock.advance(Duration.ofSeconds(5));
    keysA.read();
    assertThat(isAccepted(keysA, created.text())).isTrue();

    clock.advance(Duration.ofSeconds(1));
    keysA.read();
    assertThat(outcome(keysA, created.text())).isInstanceOf(Authentication.Unavailable.class);
    assertThat(configured.authenticate("one").orElseThrow())
        .isInstanceOf(Authentication.Accepted.class);

    store.setAvailable(true);
    keysA.read();
    assertThat(isAccepted(keysA, created.text())).isTrue();
  }

  @Test
  void acceptsNoManagedKeyBeforeTheFirstRead() {
    ManagedKeys unread = new ManagedKeys(store, rules, clock, clock::nanos);
    assertThat(outcome(unread, create().text())).isInstanceOf(Authentication.Unavailable.class);
  }

  @Test
  void rejectsOtherSecretWithTheIdOfAKey() {
    KeyService.Created created = create();
    String text = created.text();
    char last = text.charAt(text.length() - 1);
    String forged = text.substring(0, text.length() - 1) + (last == 'A' ? 'B' : 'A');
    assertThat(outcome(keysA, forged)).isEqualTo(UNKNOWN);
  }

  @ParameterizedTest
  @ValueSource(strings = {"one", "dk_", "dk_0123456789abcdef", "eyJ.e.e", ""})
  void leavesOtherCredentialsToOthers(String text) {
    assertThat(keysA.authenticate(text)).isEqualTo(Optional.empty());
  }

  @Test
  void createsNothingWhileTheStoreIsAway() {
    store.setAvailable(false);
    assertThatThrownBy(this::create).isInstanceOf(StoreUnavailable.class);
  }

  @Test
  void rejectsExpiryInThePastOrFarFutureAndReservedName() {
    assertThatThrownBy(
            () ->
                serverA.create(
                    ADMIN, ORIGIN, request(null, Instant.parse("+10000-01-01T00:00:00Z"))))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("/expires_at: must be before the year 10000");
    assertThatThrownBy(() -> serverA.create(ADMIN, ORIGIN, request(null, clock.instant())))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("/expires_at: must be in the future");
    assertThatThrownBy(
            () ->
                serverA.create(
                    ADMIN,
                    ORIGIN,
                    new NewManagedKey("anonymous", Set.of("admin"), null, null, null)))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("/name");
  }

  @Test
  void limitedAdministratorCreatesOnlyLimitedKeys() {
    Caller limited =
        new Caller(
            "site", null, Set.of("admin"), Set.of("ASR", "OCR"), OwnerFilter.ALL, OwnerFilter.ALL);
    for (Set<String> taskKeys : new ArrayList<>(List.of(Set.of("ASR", "FACES"), Set.of("FACES")))) {
      assertThatThrownBy(() -> serverA.create(limited, ORIGIN, request(taskKeys, null)))
          .isInstanceOf(Problem.class)
          .hasMessageContaining("ASR, OCR");
    }
    assertThatThrownBy(() -> serverA.create(limited, ORIGIN, request(null, null)))
        .isInstanceOf(Problem.class);
    assertThat(
            Stages.join(serverA.create(limited, ORIGIN, request(Set.of("OCR"), null)))
                .key()
                .taskKeys())
        .containsExactly("OCR");
  }

  @Test
  void limitedAdministratorRevokesOnlyLimitedKeys() {
    Caller limited =
        new Caller("site", null, Set.of("admin"), Set.of("OCR"), OwnerFilter.ALL, OwnerFilter.ALL);
    String unlimited = Stages.join(serverA.create(ADMIN, ORIGIN, request(null, null))).key().id();
    for (String id : List.of(create().key().id(), unlimited)) {
      assertThatThrownBy(() -> Stages.join(serverA.revoke(limited, ORIGIN, id)))
          .isInstanceOf(Problem.class)
          .hasMessageContaining("limited: OCR");
      assertThat(Stages.join(serverA.find(id)).state()).isEqualTo("active");
    }
    String own =
        Stages.join(serverA.create(ADMIN, ORIGIN, request(Set.of("OCR"), null))).key().id();
    assertThat(Stages.join(serverA.revoke(limited, ORIGIN, own)).state()).isEqualTo("revoked");
  }

  @Test
  void listsConfiguredKeysAndThenPagesOfManagedOnes() {
    for (int i = 0; i < 5; i++) {
      create();
    }
    KeyService.Page first = serverB.list(null, 3);
    KeyService.Page second = serverB.list(first.next(), 3);

    assertThat(first.keys()).extracting(KeyView::source).startsWith("configured", "configured");
    assertThat(first.keys()).hasSize(5);
    assertThat(second.keys()).hasSize(2);
    assertThat(second.next()).isNull();
    assertThat(first.keys().get(1))
        .isEqualTo(
            new KeyView(
                first.keys().get(1).id(),
                "configured",
                "active",
                "guest",
                List.of("worker"),
                "radio",
                List.of("ASR"),
                null,
                null,
                clock.instant().plusSeconds(60),
                null,
                null));
  }

  @Test
  void configuredKeyIsReadOnly() {
    KeyView key = serverA.list(null, 1).keys().get(0);
    assertThat(Stages.join(serverA.find(key.id()))).isEqualTo(key);
    assertThatThrownBy(() -> serverA.revoke(ADMIN, ORIGIN, key.id()))
        .isInstanceOfSatisfying(
            Problem.class, p -> assertThat(p.kind()).isEqualTo(Problem.Kind.CONFLICT))
        .hasMessageContaining("configuration");
  }

  @Test
  void configuredKeyHasLimitsAndExpires() {
    assertThat(configured.authenticate("two").orElseThrow())
        .isEqualTo(
            new Authentication.Accepted(
                rules.caller("guest", "radio", Set.of("worker"), Set.of("ASR"))));
    clock.advance(Duration.ofSeconds(60));
    assertThat(configured.authenticate("two").orElseThrow()).isEqualTo(UNKNOWN);
    assertThat(configured.authenticate("three")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0123456789abcdef", "x", "cfg_0123456789abcdef"})
  void unknownIdIsNotFound(String id) {
    assertThatThrownBy(() -> Stages.join(serverA.find(id))).isInstanceOf(KeyNotFound.class);
    assertThatThrownBy(() -> Stages.join(serverA.revoke(ADMIN, ORIGIN, id)))
        .isInstanceOf(KeyNotFound.class);
  }
}
