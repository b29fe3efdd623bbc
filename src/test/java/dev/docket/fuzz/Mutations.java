package dev.docket.fuzz;

import java.util.List;
import java.util.Random;

/** Changes requests at random. */
final class Mutations {

  private static final int MAX_TRIES = 10;

  /** Several times in the list: more probable. Most faults are in the values of a body. */
  private static final List<Mutation> WITH_BODY =
      List.of(
          JsonMutations::change,
          JsonMutations::change,
          JsonMutations::change,
          JsonMutations::change,
          JsonMutations::change,
          BodyMutations::change,
          HeaderMutations::change,
          UrlMutations::changeQuery,
          UrlMutations::changePath,
          UrlMutations::changeMethod);

  private static final List<Mutation> WITHOUT_BODY =
      List.of(
          UrlMutations::changeQuery,
          UrlMutations::changeQuery,
          UrlMutations::changeQuery,
          HeaderMutations::change,
          HeaderMutations::change,
          UrlMutations::changePath,
          UrlMutations::changeMethod,
          BodyMutations::change);

  private Mutations() {}

  /** Applies none to three mutations, mostly one. */
  static void apply(RequestDraft draft, Random random) {
    int percent = random.nextInt(100);
    int count = percent < 15 ? 0 : percent < 70 ? 1 : percent < 90 ? 2 : 3;
    for (int i = 0; i < count; i++) {
      applyOne(draft, random);
    }
  }

  private static void applyOne(RequestDraft draft, Random random) {
    for (int tries = 0; tries < MAX_TRIES; tries++) {
      List<Mutation> mutations = draft.hasBody() ? WITH_BODY : WITHOUT_BODY;
      String name = mutations.get(random.nextInt(mutations.size())).apply(draft, random);
      if (!name.isEmpty()) {
        draft.mutations.add(name);
        return;
      }
    }
  }
}
