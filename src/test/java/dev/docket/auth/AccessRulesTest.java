package dev.docket.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class AccessRulesTest {

  private static final Owner ANN = new Owner("ann", "film");
  private static final Owner BOB = new Owner("bob", "film");
  private static final Owner EVE = new Owner("eve", "radio");

  private final AccessRules rules =
      new AccessRules(
          Map.of(
              Roles.ARCHIVIST, new AccessRules.Rule(Scope.GROUP, Scope.OWN),
              Roles.WORKER, new AccessRules.Rule(Scope.OWN, Scope.OWN),
              Roles.ADMIN, new AccessRules.Rule(Scope.OWN, Scope.OWN)));

  @Test
  void groupScopeIncludesOwnAndGroup() {
    OwnerFilter sees = caller("film", Roles.ARCHIVIST).sees();

    assertThat(sees.includes(ANN)).isTrue();
    assertThat(sees.includes(BOB)).isTrue();
    assertThat(sees.includes(EVE)).isFalse();
    assertThat(sees.includes(Owner.NOBODY)).isFalse();
  }

  @Test
  void ownScopeIncludesOwnRecordsOfAnyGroup() {
    OwnerFilter changes = caller("film", Roles.ARCHIVIST).changes();

    assertThat(changes.includes(ANN)).isTrue();
    assertThat(changes.includes(new Owner("ann", "former group"))).isTrue();
    assertThat(changes.includes(BOB)).isFalse();
  }

  @Test
  void groupScopeWithoutGroupIsOwnScope() {
    OwnerFilter sees = caller(null, Roles.ARCHIVIST).sees();

    assertThat(sees.includes(new Owner("ann", null))).isTrue();
    assertThat(sees.includes(new Owner("bob", null))).isFalse();
    assertThat(sees.includes(BOB)).isFalse();
  }

  @Test
  void widestRoleDecides() {
    assertThat(caller("film", Roles.WORKER, Roles.ARCHIVIST).sees().includes(BOB)).isTrue();
    assertThat(caller("film", Roles.WORKER, Roles.ANALYST).sees().includesAll()).isTrue();
  }

  @Test
  void roleWithoutRuleSeesAndChangesEverything() {
    Caller analyst = caller("film", Roles.ANALYST);

    assertThat(analyst.sees()).isEqualTo(OwnerFilter.ALL);
    assertThat(analyst.changes().includes(Owner.NOBODY)).isTrue();
  }

  @Test
  void administratorsSeeEverythingWhateverTheRule() {
    assertThat(caller("film", Roles.ADMIN).sees().includesAll()).isTrue();
    assertThat(caller("film", Roles.ADMIN).changes().includesAll()).isTrue();
  }

  @Test
  void rejectsChangesBeyondWhatIsSeen() {
    assertThatThrownBy(() -> new AccessRules.Rule(Scope.OWN, Scope.GROUP))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must not exceed");
  }

  @Test
  void anonymousOwnsNothing() {
    assertThat(Caller.ANONYMOUS.owner()).isEqualTo(Owner.NOBODY);
    assertThat(Caller.ANONYMOUS.sees().includes(Owner.NOBODY)).isTrue();
  }

  private Caller caller(String group, String... roles) {
    return rules.caller("ann", group, Set.of(roles), null);
  }
}
