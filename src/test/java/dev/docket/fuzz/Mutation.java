package dev.docket.fuzz;

import java.util.Random;

/** One change to a request. */
interface Mutation {

  /** Changes the request. Returns a name of what was changed; empty if it could not be applied. */
  String apply(RequestDraft draft, Random random);
}
