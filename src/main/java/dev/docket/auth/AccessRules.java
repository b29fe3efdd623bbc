package dev.docket.auth;

import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which records callers see and change, by role. A caller with several roles has the widest scope
 * of all. Administrators see and change everything.
 */
public final class AccessRules {

  /** The records that a role sees and changes. What it changes, it also sees. */
  public record Rule(Scope sees, Scope changes) {

    static final Rule EVERYTHING = new Rule(Scope.ALL, Scope.ALL);

    public Rule {
      if (changes.compareTo(sees) > 0) {
        throw new IllegalArgumentException("what a role changes must not exceed what it sees");
      }
    }
  }

  private final Map<String, Rule> rulesByRole;

  /** Creates rules. A role without one sees and changes everything. */
  public AccessRules(Map<String, Rule> rulesByRole) {
    this.rulesByRole = Map.copyOf(rulesByRole);
  }

  /** Returns a caller with the rights of its roles. */
  public Caller caller(
      String name, @Nullable String group, Set<String> roles, @Nullable Set<String> taskKeys) {
    Collection<Rule> rules = roles.stream().map(this::rule).toList();
    return new Caller(
        name,
        group,
        roles,
        taskKeys,
        OwnerFilter.of(widest(rules.stream().map(Rule::sees).toList()), name, group),
        OwnerFilter.of(widest(rules.stream().map(Rule::changes).toList()), name, group));
  }

  private Rule rule(String role) {
    return role.equals(Roles.ADMIN)
        ? Rule.EVERYTHING
        : rulesByRole.getOrDefault(role, Rule.EVERYTHING);
  }

  private static Scope widest(Collection<Scope> scopes) {
    return scopes.stream().max(Comparator.naturalOrder()).orElse(Scope.OWN);
  }
}
