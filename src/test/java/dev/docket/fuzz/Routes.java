package dev.docket.fuzz;

import java.util.Random;

/** A source of valid requests. */
interface Routes {

  /** The number of routes. */
  int size();

  /**
   * A valid request.
   *
   * @param index the number of the route, from 0
   * @param pool the records that the request can name
   */
  RequestDraft draft(int index, RecordPool pool, Random random);
}
